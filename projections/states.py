"""Lists that keep the whole state of each document, folded by the domain, beside the columns that they are asked by.

For kinds of which there are few, and which are shown whole: proformas, schedules, endpoints.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json

S = TypeVar("S")


@dataclass(slots=True)
class Entry(Generic[S]):
    """A row in the making."""

    stream_id: str
    organization_id: str
    state: S
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


def keeping(
    of: type[S],
    name: str,
    *,
    identity: str,
    facts: Iterable[type],
    begins: type,
    evolve: Callable[[S | None, Any], S],
    asked_by: Mapping[str, Callable[[S], object]],
) -> ReadModel:
    """The read model of such a list: `identity` names its first column, `asked_by` the columns made from the state."""
    decode = msgspec.json.Decoder(of).decode

    def revive(row: Row) -> Entry[S]:
        stream_id, organization_id, *_, state, created_at, updated_at, version, position = row
        return Entry(stream_id, organization_id, decode(state), created_at, updated_at, version, position)

    def fold(entry: Entry[S] | None, event: Event) -> Entry[S]:
        state = evolve(None if entry is None else entry.state, event.fact)
        created_at = event.at if entry is None else entry.created_at
        return Entry(event.stream_id, event.organization_id, state, created_at, event.at, event.version, event.position)

    def render(entry: Entry[S]) -> Row:
        asked = (value(entry.state) for value in asked_by.values())
        kept = (to_json(entry.state), entry.created_at, entry.updated_at, entry.version, entry.position)
        return (entry.stream_id, entry.organization_id, *asked, *kept)

    columns = (identity, "organization_id", *asked_by, "state", "created_at", "updated_at", "version", "position")
    keyed = Keyed(table=name, columns=columns, begins=frozenset({begins}), revive=revive, fold=fold, render=render)
    return ReadModel(name=name, facts=frozenset(facts), keyed=keyed)
