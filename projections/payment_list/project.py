"""From facts to rows of the payment list."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final

import msgspec

from invoicing_domain.model.money import Money
from invoicing_domain.model.payment.events import Allocated, Allocation, Deallocated, Recorded, Refunded, Reversed
from invoicing_domain.model.payment.state import less
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    payment_id: str
    organization_id: str
    reference: int
    customer_id: str
    customer_name: str
    currency: str
    amount: int
    allocated: int
    unallocated: int
    paid_on: date
    method: str
    payment_reference: str
    note: str
    allocations: str
    reversed_on: date | None
    reversal_reason: str | None
    refunded: int
    external_reference: str | None
    exchange: str | None
    exchange_rate: Decimal | None
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
        if not isinstance(fact, Recorded):
            raise TypeError(f"a payment begins with Recorded, not with {type(fact).__name__}")
        return _begin(fact, event)
    if isinstance(fact, Allocated):
        entry.allocations = to_json((*decode_allocations(entry.allocations), *fact.allocations))
        _rest(entry, fact.unallocated)
    elif isinstance(fact, Deallocated):
        entry.allocations = to_json(less(decode_allocations(entry.allocations), fact.allocations))
        _rest(entry, fact.unallocated)
    elif isinstance(fact, Refunded):
        entry.refunded += fact.amount.minor
        _rest(entry, fact.unallocated)
    elif isinstance(fact, Reversed):
        entry.allocations = "[]"
        entry.allocated = entry.unallocated = 0
        entry.reversed_on = fact.date
        entry.reversal_reason = fact.reason
    entry.updated_at = event.at
    entry.version = event.version
    entry.position = event.position
    return entry


def _rest(entry: Entry, unallocated: Money) -> None:
    entry.unallocated = unallocated.minor
    entry.allocated = entry.amount - entry.unallocated - entry.refunded


def _begin(fact: Recorded, event: Event) -> Entry:
    return Entry(
        payment_id=event.stream_id,
        organization_id=event.organization_id,
        reference=fact.document,
        customer_id=fact.customer_id,
        customer_name=fact.customer_name,
        currency=fact.amount.currency,
        amount=fact.amount.minor,
        allocated=fact.amount.minor - fact.unallocated.minor,
        unallocated=fact.unallocated.minor,
        paid_on=fact.date,
        method=fact.method,
        payment_reference=fact.reference,
        note=fact.note,
        allocations=to_json(fact.allocations),
        reversed_on=None,
        reversal_reason=None,
        refunded=0,
        external_reference=fact.external_reference or None,
        exchange=to_json(fact.exchange) if fact.exchange else None,
        exchange_rate=fact.exchange.rate if fact.exchange else None,
        created_at=event.at,
        updated_at=event.at,
        version=event.version,
        position=event.position,
    )


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="payment_list",
    facts=frozenset({Recorded, Allocated, Deallocated, Refunded, Reversed}),
    keyed=Keyed(
        table="payment_list",
        columns=COLUMNS,
        begins=frozenset({Recorded}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
