"""What letters say about one document: from its facts alone."""

from datetime import date
from decimal import Decimal

from invoicing_domain.letters.document import DocumentMail
from invoicing_domain.letters.reminder import ReminderMail
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.dates import days_overdue
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.invoice.state import Invoice


def reminder_of(
    invoice: Invoice, sent: Sent, *, step: int, today: date, unsubscribe: str | None = None
) -> ReminderMail:
    due = invoice.due_date or sent.due_date
    return ReminderMail(
        language=sent.customer.language,
        step=step,
        seller_name=sent.seller.name,
        buyer_name=sent.customer.name,
        number=sent.number,
        issue_date=sent.issue_date,
        due_date=due,
        days_overdue=days_overdue(due, today),
        currency=invoice.currency,
        gross=sent.totals.gross.decimal,
        balance=invoice.balance.decimal,
        ibans=sent.seller.ibans,
        contact=sent.seller.email,
        unsubscribe=unsubscribe,
    )


def letter_with(document: Invoice | CreditNote) -> DocumentMail:
    """What comes with an invoice or a credit note. Raises ValueError for an invoice that was not sent."""
    if isinstance(document, Invoice):
        return _letter_with_invoice(document)
    issued = document.issued
    return DocumentMail(
        kind="credit_note",
        language=issued.customer.language,
        seller_name=issued.seller.name,
        buyer_name=issued.customer.name,
        number=issued.number,
        issue_date=issued.issue_date,
        currency=issued.currency,
        gross=issued.totals.gross.decimal,
        corrects=issued.invoice_number,
        contact=issued.seller.email,
    )


def _letter_with_invoice(invoice: Invoice) -> DocumentMail:
    sent = invoice.sent
    if sent is None:
        raise ValueError("only a sent invoice is mailed")
    return DocumentMail(
        kind="invoice",
        language=sent.customer.language,
        seller_name=sent.seller.name,
        buyer_name=sent.customer.name,
        number=sent.number,
        issue_date=sent.issue_date,
        due_date=invoice.due_date or sent.due_date,
        currency=invoice.currency,
        gross=sent.totals.gross.decimal,
        balance=max(invoice.balance.decimal, Decimal()),
        ibans=sent.seller.ibans,
        contact=sent.seller.email,
    )
