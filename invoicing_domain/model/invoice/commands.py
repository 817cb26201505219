"""What one may ask of an invoice. Everything that a decision must know from outside stands in the command."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypedDict

from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.document import Document
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.events import Delivery, Header, OrderReference, Origin
from invoicing_domain.model.invoice.lines import LineChanges, LineInput
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.vat import Charge, Discount


class HeaderChanges(TypedDict, total=False):
    """What to change on a draft; an absent key stays as it is."""

    customer: Buyer
    currency: str
    issue_date: date | None
    due_date: date | None
    payment_terms_days: int | None
    discount: Discount | None
    notes: str
    buyer_reference: str
    payment_reference: str
    order: OrderReference | None
    number_claim: int | None
    metadata: dict[str, str]
    charges: tuple[Charge, ...]
    tax_point_date: date | None
    delivery_date: date | None
    delivery_country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How to send: which series, as which seller, with which payment terms when the draft names none (days)."""

    series: str
    seller: Seller
    default_terms_days: int
    deliver: Delivery = "none"
    exchange: GivenRate | None = None
    """A rate for an invoice in another currency than the books; None: the one that BNR published."""
    hold_reminders: bool = False
    """Nobody is to be reminded of this invoice: recorded in the same step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInvoice:
    """Start an invoice; with `sending` it is sent in the same step. A claimed number is looked up in `series`."""

    invoice_id: StreamId
    reference: int
    header: Header
    lines: tuple[LineInput, ...] = ()
    series: str = "IZV"
    sending: Sending | None = None
    registers: RegisterCustomer | None = None
    """A customer met for the first time, registered in the same step."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseDraft:
    """Change a draft in one step: its header, and lines changed, removed and added, in this order."""

    invoice_id: StreamId
    changes: HeaderChanges = field(default_factory=HeaderChanges)
    changed: tuple[tuple[str, LineChanges], ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[LineInput, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft:
    invoice_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInvoice:
    invoice_id: StreamId
    sending: Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToCredit:
    line_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue:
    """Identity of the new draft that takes the place of the credited invoice."""

    invoice_id: StreamId
    reference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCreditNote:
    """Take back lines of a sent invoice; `lines` empty means all that is not credited yet."""

    invoice_id: StreamId
    credit_note_id: StreamId
    reference: int
    series: str
    seller: Seller
    reason: str
    lines: tuple[LineToCredit, ...] = ()
    reissue: Reissue | None = None
    cancels: bool = False
    """The invoice is void with this: everything that is not credited yet is."""
    number_claim: int | None = None
    """The number that somebody expects: the next of the series, or nothing is issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDueDate:
    invoice_id: StreamId
    due_date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    invoice_id: StreamId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachDocument:
    """The paper of a sent invoice was made, and its bytes are kept."""

    invoice_id: StreamId
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReminder:
    """A reminder mail was handed over; recorded once per step, or per request."""

    invoice_id: StreamId
    step: int
    date: date
    to: str
    message_id: str
    passed_over: tuple[int, ...] = ()
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReminder:
    """Remind the debtor now."""

    invoice_id: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropReminder:
    """The reminder that was asked for cannot be sent, or is not wanted any more."""

    invoice_id: StreamId
    request: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReminders:
    invoice_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeReminders:
    invoice_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEFacturaSubmission:
    invoice_id: StreamId
    xml_sha256: str
    upload_index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEFacturaAnswer:
    invoice_id: StreamId
    upload_index: str
    status: Literal["ok", "nok"]
    response_code: str
    answer_sha256: str
