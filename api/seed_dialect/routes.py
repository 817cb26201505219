"""The routes of the old dialect, one line each."""

from api.doors import Doors
from api.seed_dialect.answers import ROOT
from api.seed_dialect.common import Common
from api.seed_dialect.credit_notes import (
    CreditNote,
    CreditNoteApplying,
    CreditNoteDeletion,
    CreditNoteRefund,
    CreditNotes,
    CreditNoteSearch,
)
from api.seed_dialect.customers import Customer, CustomerDeletion, Customers, CustomerSearch
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
        f"{ROOT}/credit_notes": CreditNotes(desk),
        f"{ROOT}/credit_notes/search": CreditNoteSearch(desk),
        f"{ROOT}/credit_notes/search/{{term:path}}": CreditNoteSearch(desk),
        f"{ROOT}/credit_notes/{{document}}": CreditNote(desk),
        f"{ROOT}/credit_notes/{{document}}/apply": CreditNoteApplying(desk),
        f"{ROOT}/credit_notes/{{document}}/refund": CreditNoteRefund(desk),
        f"{ROOT}/delete/credit_notes/{{document}}": CreditNoteDeletion(desk),
        f"{ROOT}/payments": Payments(desk),
        f"{ROOT}/payments/search": PaymentSearch(desk),
        f"{ROOT}/payments/search/{{term:path}}": PaymentSearch(desk),
        f"{ROOT}/payments/{{document}}": Payment(desk),
        f"{ROOT}/delete/payments/{{document}}": PaymentDeletion(desk),
        f"{ROOT}/customers": Customers(desk),
        f"{ROOT}/customers/search": CustomerSearch(desk),
        f"{ROOT}/customers/search/{{term:path}}": CustomerSearch(desk),
        f"{ROOT}/customers/{{document}}": Customer(desk),
        f"{ROOT}/delete/customers/{{document}}": CustomerDeletion(desk),
        f"{ROOT}/common/{{kind}}": Common(desk),
    }
