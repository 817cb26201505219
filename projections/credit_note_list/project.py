"""From facts to rows of the credit note list."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Final, get_args

import msgspec

from invoicing_domain.model.credit_note.events import (
    Applied,
    CreditNoteFact,
    CreditRefunded,
    DocumentProduced,
    EmailBounced,
    Emailed,
    EmailFailed,
    EmailRequested,
    Issued,
    Unapplied,
)
from invoicing_domain.model.money import Money
from invoicing_domain.model.payment.events import Allocation
from invoicing_domain.model.payment.state import less
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    credit_note_id: str
    organization_id: str
    reference: int
    number: str
    series: str
    issue_date: date
    invoice_id: str
    invoice_number: str
    customer_id: str
    customer_name: str
    currency: str
    net: int
    vat: int
    gross: int
    applied: int
    unapplied: int
    refunded: int
    allocations: str
    reason: str
    document: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)
_allocations: Final = msgspec.json.Decoder(tuple[Allocation, ...])


def decode_allocations(text: str) -> tuple[Allocation, ...]:
    return _allocations.decode(text)


def fold(entry: Entry | None, event: Event) -> Entry:
    fact = event.fact
    if entry is None:
        if not isinstance(fact, Issued):
            raise TypeError(f"a credit note begins with Issued, not with {type(fact).__name__}")
        return _begin(fact, event)
    if isinstance(fact, Applied):
        entry.allocations = to_json((*decode_allocations(entry.allocations), *fact.allocations))
    elif isinstance(fact, Unapplied):
        entry.allocations = to_json(less(decode_allocations(entry.allocations), fact.allocations))
    elif isinstance(fact, CreditRefunded):
        entry.refunded += fact.amount.minor
    if not isinstance(fact, DocumentProduced | EmailRequested | Emailed | EmailFailed | EmailBounced):
        _rest(entry, fact.unapplied)
    entry.updated_at = event.at
    entry.version = event.version
    entry.position = event.position
    return entry


def _rest(entry: Entry, unapplied: Money) -> None:
    entry.unapplied = unapplied.minor
    entry.applied = entry.gross - entry.unapplied - entry.refunded


def _begin(fact: Issued, event: Event) -> Entry:
    own = Allocation(invoice_id=fact.invoice_id, amount=fact.applied)
    return Entry(
        credit_note_id=event.stream_id,
        organization_id=event.organization_id,
        reference=fact.reference,
        number=fact.number,
        series=fact.series,
        issue_date=fact.issue_date,
        invoice_id=fact.invoice_id,
        invoice_number=fact.invoice_number,
        customer_id=fact.customer.customer_id,
        customer_name=fact.customer.name,
        currency=fact.currency,
        net=fact.totals.net.minor,
        vat=fact.totals.vat.minor,
        gross=fact.totals.gross.minor,
        applied=fact.applied.minor,
        unapplied=fact.unapplied.minor,
        refunded=0,
        allocations=to_json((own,) if fact.applied else ()),
        reason=fact.reason,
        document=to_json(fact),
        created_at=event.at,
        updated_at=event.at,
        version=event.version,
        position=event.position,
    )


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="credit_note_list",
    facts=frozenset(get_args(CreditNoteFact)),
    keyed=Keyed(
        table="credit_note_list",
        columns=COLUMNS,
        begins=frozenset({Issued}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
