"""From facts to the state of each recurring invoice, by the domain's own fold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

import msgspec

from invoicing_domain.model.recurring.events import RecurringFact, RecurringScheduled
from invoicing_domain.model.recurring.state import RecurringInvoice, evolve
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json

COLUMNS: Final = (
    "recurring_id",
    "organization_id",
    "reference",
    "status",
    "next_on",
    "customer_id",
    "state",
    "created_at",
    "updated_at",
    "version",
    "position",
)

_state: Final = msgspec.json.Decoder(RecurringInvoice)


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    recurring_id: str
    organization_id: str
    state: RecurringInvoice
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


def decode_state(text: str | bytes) -> RecurringInvoice:
    return _state.decode(text)


def revive(row: Row) -> Entry:
    return Entry(row[0], row[1], decode_state(row[6]), *row[7:])


def fold(entry: Entry | None, event: Event) -> Entry:
    state = evolve(None if entry is None else entry.state, event.fact)
    created_at = event.at if entry is None else entry.created_at
    return Entry(event.stream_id, event.organization_id, state, created_at, event.at, event.version, event.position)


def render(entry: Entry) -> Row:
    state = entry.state
    return (
        entry.recurring_id,
        entry.organization_id,
        state.reference,
        state.status,
        state.next_on,
        state.plan.header.customer.customer_id,
        to_json(state),
        entry.created_at,
        entry.updated_at,
        entry.version,
        entry.position,
    )


MODEL: Final = ReadModel(
    name="recurring_list",
    facts=frozenset(get_args(RecurringFact)),
    keyed=Keyed(
        table="recurring_list",
        columns=COLUMNS,
        begins=frozenset({RecurringScheduled}),
        revive=revive,
        fold=fold,
        render=render,
    ),
)
