"""What one may ask of a credit note that is issued."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing_domain.model.document import Document
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.payment.commands import AllocationWish


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCredit:
    """Let what is left of a note lower the balance of invoices of the same customer and currency."""

    credit_note_id: StreamId
    date: date
    allocations: tuple[AllocationWish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnapplyCredit:
    """Take credit from invoices again; without an amount: all that the invoice holds of the note."""

    credit_note_id: StreamId
    date: date
    reason: str
    allocations: tuple[AllocationWish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCredit:
    """Pay out what no invoice holds; with None all of it. `amount` is in major units."""

    credit_note_id: StreamId
    date: date
    method: str
    reason: str
    reference: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachNoteDocument:
    """The paper of a credit note was made, and its bytes are kept."""

    credit_note_id: StreamId
    document: Document
