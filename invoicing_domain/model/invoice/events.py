"""What happened to an invoice. Facts are never changed; see the catalogue for their wire names."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from invoicing_domain.model import mailing
from invoicing_domain.model.document import Document
from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.vat import Charge, Discount, Totals, VatSubtotal

Delivery = Literal["email", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReference:
    """The sales order that an invoice was issued from (BT-14)."""

    id: str
    number: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything about an invoice beside its lines.

    `number_claim` is the counter value that a client wishes the invoice to get; it is honoured only when it is the
    next one. `metadata` belongs to the client: kept, shown, never read.
    """

    customer: Buyer
    currency: str
    issue_date: date | None = None
    due_date: date | None = None
    payment_terms_days: int | None = None
    discount: Discount | None = None
    notes: str = ""
    buyer_reference: str = ""
    payment_reference: str = ""
    order: OrderReference | None = None
    number_claim: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    tax_point_date: date | None = None
    """When VAT falls due (BT-7), where that is not the issue date; rates are those in force on it."""
    delivery_date: date | None = None
    """When the goods or services were delivered (BT-72)."""
    delivery_country: str | None = None
    """Where to (BT-80), as ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the house itself made an invoice from: a proforma, or a period of a recurring invoice."""

    kind: Literal["proforma", "recurring_invoice"]
    id: str
    period: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    reference: int
    header: Header
    replaces: str | None = None
    """The invoice that was credited so that this one could be issued right."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged:
    header: Header


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdded:
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged:
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRemoved:
    line_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The invoice got its legal number and is frozen from here on (Directive 2006/112/EC art. 226)."""

    number: str
    series: str
    sent_at: datetime
    issue_date: date
    due_date: date
    seller: Seller
    customer: Buyer
    totals: Totals
    vat_breakdown: tuple[VatSubtotal, ...]
    deliver: Delivery = "none"
    charges: tuple[Money, ...] = ()
    """What each charge of the header came to, in their order (BT-99)."""
    in_base: InBase | None = None
    """In the currency of the books, when the invoice is in another: at the rate that counted at issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived:
    """Part of a payment was allocated to this invoice; `date` is its value date, `balance` what is left to pay."""

    payment_id: str
    amount: Money
    date: date
    method: str
    reference: str
    customer_id: str
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReversed:
    payment_id: str
    amount: Money
    date: date
    reason: str
    customer_id: str
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeallocated:
    """Money that this invoice held was taken from it (wrong match); it is the customer's credit again."""

    payment_id: str
    amount: Money
    date: date
    reason: str
    customer_id: str
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDifference:
    """What a payment of a foreign-currency invoice meant in the books; it never touches what is left to pay.

    `amount` settled the invoice (negative: was open again); it was worth `at_issue` when the invoice was issued and
    `at_payment` at the rate of the payment. A positive `difference` is a gain.
    """

    payment_id: str
    amount: Money
    date: date
    rate: Exchange
    """Of the payment."""
    at_issue: Money
    at_payment: Money
    difference: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedLine:
    """How much of a line a credit note takes back."""

    line_id: str
    quantity: Decimal
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteIssued:
    """A credit note corrects this invoice: `amount` is its gross, `applied` the part that lowered the balance."""

    credit_note_id: str
    number: str
    date: date
    amount: Money
    applied: Money
    balance: Money
    reason: str
    lines: tuple[CreditedLine, ...]
    totals: Totals
    vat_breakdown: tuple[VatSubtotal, ...]
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditApplied:
    """What a credit note, of this or another invoice, had left lowered the balance later."""

    credit_note_id: str
    number: str
    amount: Money
    date: date
    customer_id: str
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditUnapplied:
    """Credit was taken from this invoice again; it is the customer's to use elsewhere."""

    credit_note_id: str
    number: str
    amount: Money
    date: date
    reason: str
    customer_id: str
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """Everything that was not credited yet was, by this note: the invoice is void in business, never erased."""

    date: date
    reason: str
    credit_note_id: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateExtended:
    """Seller and buyer agreed on another day; it counts from `date` on, never for days before."""

    due_date: date
    previous: date
    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    """A remark about a sent invoice, for the house; the document stays as it is."""

    text: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent:
    """A reminder left the house: `step` days overdue; lower steps that were due too are passed over for good."""

    step: int
    date: date
    sent_at: datetime
    to: str
    balance: Money
    message_id: str
    passed_over: tuple[int, ...] = ()
    request: int | None = None
    """The request that it answers; `step` is 0 then, unless a step was due as well."""
    customer_id: str = ""
    """Whose address `to` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRequested:
    """Somebody asked for a reminder now; requests of an invoice are numbered from 1."""

    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDropped:
    """The reminder that was asked for is not sent: the invoice was settled meanwhile, or the mail did not go out."""

    request: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersHeld:
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersResumed:
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EFacturaSubmitted:
    """An attempt to file the invoice with ANAF; `upload_index` is null when the outcome is not known."""

    attempt: int
    xml_sha256: str
    upload_index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EFacturaAcknowledged:
    """ANAF's answer to an attempt; the sealed answer is kept under its SHA-256."""

    upload_index: str
    status: Literal["ok", "nok"]
    response_code: str
    answer_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentProduced:
    """The paper of the invoice was made and kept: once, after it was sent."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRequested(mailing.EmailRequested):
    """Somebody wants the invoice mailed (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emailed(mailing.Emailed):
    """The invoice went out by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailFailed(mailing.EmailFailed):
    """The invoice did not go out by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced(mailing.EmailBounced):
    """A mail about the invoice came back."""


InvoiceFact = (
    Drafted
    | DraftChanged
    | LineAdded
    | LineChanged
    | LineRemoved
    | Discarded
    | Sent
    | PaymentReceived
    | PaymentReversed
    | PaymentDeallocated
    | ExchangeDifference
    | CreditNoteIssued
    | CreditApplied
    | CreditUnapplied
    | Cancelled
    | DueDateExtended
    | NoteAdded
    | ReminderSent
    | ReminderRequested
    | ReminderDropped
    | RemindersHeld
    | RemindersResumed
    | EFacturaSubmitted
    | EFacturaAcknowledged
    | DocumentProduced
    | EmailRequested
    | Emailed
    | EmailFailed
    | EmailBounced
)
