"""From facts to movements of receivables. Each fact moves an invoice, or the credit that a customer has left over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.invoice.events import CreditNoteIssued, PaymentReceived, PaymentReversed, Sent
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment import events as payment
from projections.readmodel import Appended, Event, Keyed, ReadModel, Row

DOCUMENT_COLUMNS: Final = ("document_id", "customer_id", "customer_name", "number", "due_date")
COLUMNS: Final = (
    "position",
    "line",
    "organization_id",
    "customer_id",
    "customer_name",
    "invoice_id",
    "document_id",
    "document_number",
    "kind",
    "currency",
    "amount_minor",
    "effective_date",
    "recorded_at",
    "due_date",
)


@dataclass(frozen=True, slots=True)
class Document:
    """Whose document it is, as its first fact tells it."""

    document_id: str
    customer_id: str
    customer_name: str
    number: str | None
    due_date: date | None


def remember(known: Document | None, event: Event) -> Document:
    match fact := event.fact:
        case Sent():
            return Document(event.stream_id, fact.customer.customer_id, fact.customer.name, fact.number, fact.due_date)
        case payment.Recorded():
            return Document(event.stream_id, fact.customer_id, fact.customer_name, fact.reference or None, None)
        case credit_note.Issued():
            return Document(event.stream_id, fact.customer.customer_id, fact.customer.name, fact.number, None)
    if known is None:
        raise TypeError(f"{type(fact).__name__} came before the fact that its document begins with")
    return known


def movements(document: Document | None, event: Event) -> Iterable[Row]:
    if document is None:
        raise TypeError("a movement belongs to a document")
    kind, amount, effective, number, cause = _movement(document, event)
    if not amount:
        return ()
    on_invoice = not kind.startswith("unapplied")
    return (
        (
            event.position,
            1,
            event.organization_id,
            document.customer_id,
            document.customer_name,
            event.stream_id if on_invoice else None,
            cause,
            number,
            kind,
            amount.currency,
            amount.minor,
            effective,
            event.at,
            document.due_date,
        ),
    )


def _movement(document: Document, event: Event) -> tuple[str, Money, date, str | None, str]:
    """Kind, signed amount, effective date, number and id of the document that moved it."""
    own = document.document_id
    match fact := event.fact:
        case Sent():
            return "invoice", fact.totals.gross, fact.issue_date, fact.number, own
        case PaymentReceived():
            return "payment", -fact.amount, fact.date, fact.reference or None, fact.payment_id
        case PaymentReversed():
            return "payment_reversed", fact.amount, fact.date, None, fact.payment_id
        case CreditNoteIssued():
            return "credit_note", -fact.applied, fact.date, fact.number, fact.credit_note_id
        case payment.Recorded():
            return "unapplied_payment", -fact.unallocated, fact.date, document.number, own
        case payment.Allocated():
            given = sum((one.amount for one in fact.allocations), start=zero(fact.unallocated.currency))
            return "unapplied_allocated", given, fact.date, document.number, own
        case payment.Reversed():
            return "unapplied_reversed", fact.unallocated, fact.date, document.number, own
        case credit_note.Issued():
            return "unapplied_credit_note", -fact.unapplied, fact.issue_date, fact.number, own
    raise TypeError(f"{type(fact).__name__} moves no receivable")


_BEGINS: Final = frozenset({Sent, payment.Recorded, credit_note.Issued})

MODEL: Final = ReadModel(
    name="receivable_movements",
    facts=_BEGINS | {PaymentReceived, PaymentReversed, CreditNoteIssued, payment.Allocated, payment.Reversed},
    keyed=Keyed(
        table="receivable_document",
        columns=DOCUMENT_COLUMNS,
        begins=_BEGINS,
        revive=lambda row: Document(*row),
        fold=remember,
        render=lambda document: (
            document.document_id,
            document.customer_id,
            document.customer_name,
            document.number,
            document.due_date,
        ),
        write_once=True,
    ),
    appended=Appended(table="receivable_movement", columns=COLUMNS, rows=movements),
)
