"""The routes of the old dialect, one line each."""

from api.doors import Doors
from api.seed_dialect.answers import ROOT
from api.seed_dialect.desk import Desk
from api.seed_dialect.payments import Payment, PaymentDeletion, Payments, PaymentSearch
from api.seed_dialect.resources import Invoice, InvoiceDeletion, Invoices, InvoiceSearch


def seed_routes(doors: Doors) -> dict[str, object]:
    """Path template to resource."""
    desk = Desk(doors)
    return {
        f"{ROOT}/invoices": Invoices(desk),
        f"{ROOT}/invoices/search": InvoiceSearch(desk),
        f"{ROOT}/invoices/search/{{term:path}}": InvoiceSearch(desk),
        f"{ROOT}/invoices/{{document}}": Invoice(desk),
        f"{ROOT}/delete/invoices/{{document}}": InvoiceDeletion(desk),
        f"{ROOT}/payments": Payments(desk),
        f"{ROOT}/payments/search": PaymentSearch(desk),
        f"{ROOT}/payments/search/{{term:path}}": PaymentSearch(desk),
        f"{ROOT}/payments/{{document}}": Payment(desk),
        f"{ROOT}/delete/payments/{{document}}": PaymentDeletion(desk),
    }
