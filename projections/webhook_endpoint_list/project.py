"""From facts to the state of each webhook endpoint, by the domain's own fold."""

from dataclasses import dataclass
from typing import Final, get_args

import msgspec

from invoicing_domain.model.webhook_endpoint.events import WebhookEndpointFact, WebhookEndpointRegistered
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint, evolve
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json

COLUMNS: Final = ("endpoint_id", "organization_id", "reference", "status", "state", "version", "position")

_state: Final = msgspec.json.Decoder(WebhookEndpoint)


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    endpoint_id: str
    organization_id: str
    state: WebhookEndpoint
    version: int
    position: int


def decode_state(text: str | bytes) -> WebhookEndpoint:
    return _state.decode(text)


def revive(row: Row) -> Entry:
    return Entry(row[0], row[1], decode_state(row[4]), *row[5:])


def fold(entry: Entry | None, event: Event) -> Entry:
    state = evolve(None if entry is None else entry.state, event.fact)
    return Entry(event.stream_id, event.organization_id, state, event.version, event.position)


def render(entry: Entry) -> Row:
    state = entry.state
    return (
        entry.endpoint_id,
        entry.organization_id,
        state.reference,
        state.status,
        to_json(state),
        entry.version,
        entry.position,
    )


MODEL: Final = ReadModel(
    name="webhook_endpoint_list",
    facts=frozenset(get_args(WebhookEndpointFact)),
    keyed=Keyed(
        table="webhook_endpoint_list",
        columns=COLUMNS,
        begins=frozenset({WebhookEndpointRegistered}),
        revive=revive,
        fold=fold,
        render=render,
    ),
)
