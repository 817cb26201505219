"""Lists that keep the whole state of each document, folded by the domain, beside the columns that they are asked by.

For kinds of which there are few, and which are shown whole: proformas, schedules, endpoints.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from psycopg import sql

from projections.pages import Page, page_of
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.rows import Connection
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    stream_id: str
    reference: int
    state: str
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[S]):
    """A document as the list knows it, when its stream was at `version`."""

    stream_id: str
    reference: int
    state: S
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

    def revive(row: Row) -> Entry[S]:
        stream_id, organization_id, *_, state, created_at, updated_at, version, position = row
        return Entry(stream_id, organization_id, _decoder(of).decode(state), created_at, updated_at, version, position)

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


def page_of_states(
    connection: Connection,
    of: type[S],
    select: sql.SQL,
    conditions: Sequence[sql.Composable],
    arguments: Mapping[str, object],
    *,
    sort: str,
    limit: int,
    after: str | None,
) -> Page[Listed[S]]:
    """A page of `select` (stream_id, reference, state, version, position); raises ValueError as `page_of` does."""
    page = page_of(connection, _Stored, select, conditions, arguments, sort=sort, limit=limit, after=after)
    rows = [
        Listed(
            stream_id=row.stream_id,
            reference=row.reference,
            state=_decoder(of).decode(row.state),
            version=row.version,
            position=row.position,
        )
        for row in page.rows
    ]
    return Page(rows=rows, next=page.next)


@cache
def _decoder(of: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(of)
