"""The native routes, one line each."""

from api.collecting_routes import collecting_routes
from api.doors import Doors
from api.errand_routes import errand_routes
from api.issuing_routes import issuing_routes
from api.reading_routes import reading_routes
from api.resources import (
    customers,
    documents,
    erasure,
    health,
    history,
    invoices,
    settings,
)
from api.webhook_routes import webhook_routes

PREFIX = "/api/v1"


def native_routes(doors: Doors) -> dict[str, object]:
    """Path template to resource; the OpenAPI document is made from the same table."""
    routes: dict[str, object] = {
        f"{PREFIX}/customers": customers.Customers(doors),
        f"{PREFIX}/customers/{{document}}": customers.Customer(doors),
        f"{PREFIX}/customers/{{document}}/erasure": erasure.CustomerErasure(doors),
        f"{PREFIX}/invoices": invoices.Invoices(doors),
        f"{PREFIX}/invoices/{{document}}": invoices.Invoice(doors),
        f"{PREFIX}/invoices/{{document}}/lines": invoices.InvoiceLines(doors),
        f"{PREFIX}/invoices/{{document}}/lines/{{line_id}}": invoices.InvoiceLine(doors),
        f"{PREFIX}/invoices/{{document}}/send": invoices.InvoiceSending(doors),
        f"{PREFIX}/invoices/{{document}}/history": history.DocumentHistory(doors),
        f"{PREFIX}/invoices/{{document}}/events": history.InvoiceEvents(doors),
        f"{PREFIX}/events": history.Feed(doors),
        f"{PREFIX}/organization": settings.Organization(doors),
        f"{PREFIX}/organization/logo": documents.Logo(doors),
        "/health/live": health.Live(),
        "/health/ready": health.Ready(doors),
    }
    routes |= collecting_routes(doors, PREFIX)
    routes |= errand_routes(doors, PREFIX)
    routes |= issuing_routes(doors, PREFIX)
    routes |= reading_routes(doors, PREFIX)
    routes |= webhook_routes(doors, PREFIX)
    if doors.test_clock is not None:
        routes[f"{PREFIX}/test-clock"] = settings.SandboxClock(doors)
    return routes
