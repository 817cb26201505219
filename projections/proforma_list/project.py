"""From facts to the state of each proforma, by the domain's own fold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

import msgspec

from invoicing_domain.model.proforma.events import ProformaDrafted, ProformaFact
from invoicing_domain.model.proforma.state import Proforma, evolve
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json

COLUMNS: Final = (
    "proforma_id",
    "organization_id",
    "reference",
    "status",
    "number",
    "customer_id",
    "state",
    "created_at",
    "updated_at",
    "version",
    "position",
)

_state: Final = msgspec.json.Decoder(Proforma)


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    proforma_id: str
    organization_id: str
    state: Proforma
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


def decode_state(text: str | bytes) -> Proforma:
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
        entry.proforma_id,
        entry.organization_id,
        state.reference,
        state.status,
        state.sent.number if state.sent else None,
        state.header.customer.customer_id,
        to_json(state),
        entry.created_at,
        entry.updated_at,
        entry.version,
        entry.position,
    )


MODEL: Final = ReadModel(
    name="proforma_list",
    facts=frozenset(get_args(ProformaFact)),
    keyed=Keyed(
        table="proforma_list",
        columns=COLUMNS,
        begins=frozenset({ProformaDrafted}),
        revive=revive,
        fold=fold,
        render=render,
    ),
)
