"""What happened to a credit note: a legal document of its own, with a number of its own."""

from dataclasses import dataclass
from datetime import date

from invoicing_domain.model import mailing
from invoicing_domain.model.document import Document
from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.invoice.events import CreditedLine
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.payment.events import Allocation
from invoicing_domain.model.vat import Totals, VatSubtotal


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A credit note corrects a sent invoice (Cod fiscal art. 330): amounts are positive and taken off.

    `applied` lowered the balance of the invoice; the rest of the gross, `unapplied`, is owed to the customer.
    """

    reference: int
    number: str
    series: str
    issue_date: date
    invoice_id: str
    invoice_number: str
    seller: Seller
    customer: Buyer
    currency: str
    lines: tuple[CreditedLine, ...]
    totals: Totals
    vat_breakdown: tuple[VatSubtotal, ...]
    reason: str
    applied: Money
    unapplied: Money
    in_base: InBase | None = None
    """In the currency of the books, at the rate of the invoice: what is taken back is what was booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was left of the note lowered the balance of invoices later, effective on `date`."""

    date: date
    allocations: tuple[Allocation, ...]
    unapplied: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapplied:
    """Credit was taken from invoices again, effective on `date`."""

    date: date
    reason: str
    allocations: tuple[Allocation, ...]
    unapplied: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRefunded:
    """What the note leaves the house owing was paid out to the customer."""

    date: date
    amount: Money
    method: str
    reference: str
    reason: str
    unapplied: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentProduced:
    """The paper of the credit note was made and kept: once, after it was issued."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRequested(mailing.EmailRequested):
    """Somebody wants the credit note mailed (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emailed(mailing.Emailed):
    """The credit note went out by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailFailed(mailing.EmailFailed):
    """The credit note did not go out by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced(mailing.EmailBounced):
    """A mail about the credit note came back."""


CreditNoteFact = (
    Issued
    | Applied
    | Unapplied
    | CreditRefunded
    | DocumentProduced
    | EmailRequested
    | Emailed
    | EmailFailed
    | EmailBounced
)
