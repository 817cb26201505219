"""From facts to movements of receivables. Each fact moves an invoice, or the credit that a customer has left over.

Beside the movements each document keeps what they add up to and between which dates they lie: what is settled before a
date need not be added up to know what was open on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Final

from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.invoice.events import (
    CreditApplied,
    CreditNoteIssued,
    CreditUnapplied,
    DueDateExtended,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
    Sent,
)
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment import events as payment
from invoicing_domain.model.payment.events import Allocation
from projections.readmodel import Appended, Event, Keyed, ReadModel, Row

COLUMNS: Final = (
    "position",
    "line",
    "organization_id",
    "customer_id",
    "customer_name",
    "invoice_id",
    "subject_id",
    "document_id",
    "document_number",
    "kind",
    "currency",
    "amount_minor",
    "effective_date",
    "recorded_at",
    "due_date",
)


DUE_DATE: Final = "due_date"
"""A row of nothing that says from when on an invoice is due on another day."""


@dataclass(slots=True)
class Document:
    """Whose document it is, as its first fact tells it, and what its movements come to."""

    document_id: str
    organization_id: str
    kind: str
    customer_id: str
    customer_name: str
    number: str | None
    due_date: date | None
    agreed_due_date: date | None
    currency: str
    issued_on: date
    amount_minor: int
    balance_minor: int
    first_effective: date
    last_effective: date
    first_recorded: datetime
    last_recorded: datetime


DOCUMENT_COLUMNS: Final = tuple(field.name for field in fields(Document))


def fold(known: Document | None, event: Event) -> Document:
    document = _begun(event)
    if document is None:
        if known is None:
            raise TypeError(f"{type(event.fact).__name__} came before the fact that its document begins with")
        document = known
    kind, amount, effective, _, _ = _movement(document, event)
    if kind == DUE_DATE:
        document.agreed_due_date = event.fact.due_date
    if amount:
        document.balance_minor += amount.minor
        document.first_effective = min(document.first_effective, effective)
        document.last_effective = max(document.last_effective, effective)
        document.first_recorded = min(document.first_recorded, event.at)
        document.last_recorded = max(document.last_recorded, event.at)
    return document


def _begun(event: Event) -> Document | None:
    """The document that begins with this fact, before anything moved; None for a fact about one that is known."""
    match fact := event.fact:
        case Sent():
            buyer = fact.customer
            named = ("invoice", buyer.customer_id, buyer.name, fact.number)
            return _document(event, named, fact.totals.gross, fact.issue_date, due_date=fact.due_date)
        case payment.Recorded():
            named = ("payment", fact.customer_id, fact.customer_name, fact.reference)
            return _document(event, named, fact.amount, fact.date)
        case credit_note.Issued():
            buyer = fact.customer
            named = ("credit_note", buyer.customer_id, buyer.name, fact.number)
            return _document(event, named, fact.totals.gross, fact.issue_date)
    return None


def _document(
    event: Event, named: tuple[str, str, str, str], amount: Money, effective: date, *, due_date: date | None = None
) -> Document:
    """`named`: kind, id and name of the customer, number."""
    kind, customer_id, customer_name, number = named
    return Document(
        document_id=event.stream_id,
        organization_id=event.organization_id,
        kind=kind,
        customer_id=customer_id,
        customer_name=customer_name,
        number=number or None,
        due_date=due_date,
        agreed_due_date=None,
        currency=amount.currency,
        issued_on=effective,
        amount_minor=amount.minor,
        balance_minor=0,
        first_effective=effective,
        last_effective=effective,
        first_recorded=event.at,
        last_recorded=event.at,
    )


def movements(document: Document | None, event: Event) -> Iterable[Row]:
    if document is None:
        raise TypeError("a movement belongs to a document")
    kind, amount, effective, number, cause = _movement(document, event)
    if not amount and kind != DUE_DATE:
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
            event.stream_id,
            cause,
            number,
            kind,
            amount.currency,
            amount.minor,
            effective,
            event.at,
            event.fact.due_date if kind == DUE_DATE else document.due_date,
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
        case PaymentDeallocated():
            return "payment_deallocated", fact.amount, fact.date, None, fact.payment_id
        case CreditNoteIssued():
            return "credit_note", -fact.applied, fact.date, fact.number, fact.credit_note_id
        case CreditApplied():
            return "credit_applied", -fact.amount, fact.date, fact.number, fact.credit_note_id
        case CreditUnapplied():
            return "credit_unapplied", fact.amount, fact.date, fact.number, fact.credit_note_id
        case DueDateExtended():
            return DUE_DATE, zero(document.currency), fact.date, document.number, own
    return _credit_moved(document, fact)


def _credit_moved(document: Document, fact: object) -> tuple[str, Money, date, str | None, str]:
    """The same for credit of the customer, which no invoice holds."""
    own = document.document_id
    match fact:
        case payment.Recorded():
            return "unapplied_payment", -fact.unallocated, fact.date, document.number, own
        case payment.Allocated():
            return "unapplied_allocated", _sum(fact.allocations), fact.date, document.number, own
        case payment.Deallocated():
            return "unapplied_deallocated", -_sum(fact.allocations), fact.date, document.number, own
        case payment.Refunded():
            return "unapplied_refunded", fact.amount, fact.date, fact.reference or document.number, own
        case payment.Reversed():
            return "unapplied_reversed", fact.unallocated, fact.date, document.number, own
        case credit_note.Issued():
            return "unapplied_credit_note", -fact.unapplied, fact.issue_date, fact.number, own
        case credit_note.Applied():
            return "unapplied_credit_applied", _sum(fact.allocations), fact.date, document.number, own
        case credit_note.Unapplied():
            return "unapplied_credit_unapplied", -_sum(fact.allocations), fact.date, document.number, own
        case credit_note.CreditRefunded():
            return "unapplied_refunded", fact.amount, fact.date, fact.reference or document.number, own
    raise TypeError(f"{type(fact).__name__} moves no receivable")


def _sum(allocations: tuple[Allocation, ...]) -> Money:
    first, *others = allocations
    return sum((one.amount for one in others), start=first.amount)


_BEGINS: Final = frozenset({Sent, payment.Recorded, credit_note.Issued})

MODEL: Final = ReadModel(
    name="receivable_movements",
    version=3,
    facts=_BEGINS
    | {
        PaymentReceived,
        PaymentReversed,
        PaymentDeallocated,
        CreditNoteIssued,
        CreditApplied,
        CreditUnapplied,
        DueDateExtended,
        payment.Allocated,
        payment.Deallocated,
        payment.Refunded,
        payment.Reversed,
        credit_note.Applied,
        credit_note.Unapplied,
        credit_note.CreditRefunded,
    },
    keyed=Keyed(
        table="receivable_document",
        columns=DOCUMENT_COLUMNS,
        begins=_BEGINS,
        revive=lambda row: Document(*row),
        fold=fold,
        render=attrgetter(*DOCUMENT_COLUMNS),
    ),
    appended=Appended(table="receivable_movement", columns=COLUMNS, rows=movements),
)
