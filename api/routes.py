"""The native routes, one line each."""

from api.doors import Doors
from api.issuing_routes import issuing_routes
from api.reading_routes import reading_routes
from api.resources import (
    after_sending,
    credit_notes,
    credit_use,
    customers,
    exchange_rates,
    health,
    history,
    invoices,
    payment_use,
    payments,
    reminders,
    settings,
)

PREFIX = "/api/v1"


def native_routes(doors: Doors) -> dict[str, object]:
    """Path template to resource; the OpenAPI document is made from the same table."""
    routes: dict[str, object] = {
        f"{PREFIX}/customers": customers.Customers(doors),
        f"{PREFIX}/customers/{{document}}": customers.Customer(doors),
        f"{PREFIX}/invoices": invoices.Invoices(doors),
        f"{PREFIX}/invoices/{{document}}": invoices.Invoice(doors),
        f"{PREFIX}/invoices/{{document}}/lines": invoices.InvoiceLines(doors),
        f"{PREFIX}/invoices/{{document}}/lines/{{line_id}}": invoices.InvoiceLine(doors),
        f"{PREFIX}/invoices/{{document}}/send": invoices.InvoiceSending(doors),
        f"{PREFIX}/invoices/{{document}}/payments": payments.InvoicePayments(doors),
        f"{PREFIX}/invoices/{{document}}/credit-notes": credit_notes.InvoiceCreditNotes(doors),
        f"{PREFIX}/invoices/{{document}}/cancel": credit_notes.InvoiceCancelling(doors),
        f"{PREFIX}/invoices/{{document}}/due-date": after_sending.InvoiceDueDate(doors),
        f"{PREFIX}/invoices/{{document}}/notes": after_sending.InvoiceNotes(doors),
        f"{PREFIX}/invoices/{{document}}/reminders/hold": reminders.ReminderHold(doors),
        f"{PREFIX}/invoices/{{document}}/history": history.DocumentHistory(doors),
        f"{PREFIX}/invoices/{{document}}/events": history.InvoiceEvents(doors),
        f"{PREFIX}/payments": payments.Payments(doors),
        f"{PREFIX}/payments/{{document}}": payments.Payment(doors),
        f"{PREFIX}/payments/{{document}}/allocations": payment_use.PaymentAllocations(doors),
        f"{PREFIX}/payments/{{document}}/deallocations": payment_use.PaymentDeallocations(doors),
        f"{PREFIX}/payments/{{document}}/refunds": payment_use.PaymentRefunds(doors),
        f"{PREFIX}/payments/{{document}}/reversal": payment_use.PaymentReversal(doors),
        f"{PREFIX}/credit-notes": credit_notes.CreditNotes(doors),
        f"{PREFIX}/credit-notes/{{document}}": credit_notes.CreditNote(doors),
        f"{PREFIX}/credit-notes/{{document}}/applications": credit_use.CreditNoteApplications(doors),
        f"{PREFIX}/credit-notes/{{document}}/deallocations": credit_use.CreditNoteDeallocations(doors),
        f"{PREFIX}/credit-notes/{{document}}/refunds": credit_use.CreditNoteRefunds(doors),
        f"{PREFIX}/exchange-rates": exchange_rates.ExchangeRates(doors),
        f"{PREFIX}/events": history.Feed(doors),
        f"{PREFIX}/organization": settings.Organization(doors),
        "/health/live": health.Live(),
        "/health/ready": health.Ready(doors),
    }
    routes |= issuing_routes(doors, PREFIX)
    routes |= reading_routes(doors, PREFIX)
    if doors.test_clock is not None:
        routes[f"{PREFIX}/test-clock"] = settings.SandboxClock(doors)
    return routes
