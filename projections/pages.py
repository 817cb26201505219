"""Lists in the order of their references: the simple keyset page that small read models share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import msgspec
from psycopg import sql

from projections.keyset import Key, from_cursor, parse_sort, to_cursor
from projections.rows import Connection, check_limit, fetch, fetch_one


class Referenced(Protocol):
    """A row with the small integer by which people know it."""

    @property
    def reference(self) -> int: ...


R = TypeVar("R", bound=Referenced)
S = TypeVar("S")

SORTS: Final = {"reference": Key(sql.SQL("reference"), "integer")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[R]):
    """Rows, and the cursor of the next page (None: there is none)."""

    rows: list[R]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    total: int


def page_of(
    connection: Connection,
    into: type[R],
    select: sql.SQL,
    conditions: Sequence[sql.Composable],
    arguments: Mapping[str, object],
    *,
    sort: str,
    limit: int,
    after: str | None,
) -> Page[R]:
    """A page of `select` under all conditions; raises ValueError for a bad sort, limit or cursor."""
    order = parse_sort(sort, SORTS, last="reference")
    given = dict(arguments)
    held = list(conditions)
    if after is not None:
        behind, bounds = order.after(from_cursor(order, after))
        held.append(behind)
        given |= bounds
    given["limit"] = check_limit(limit) + 1
    query = sql.SQL("{} WHERE {} ORDER BY {} LIMIT %(limit)s").format(
        select, sql.SQL(" AND ").join(held), order.order_by()
    )
    found = fetch(connection, into, query, given)
    rows = found[:limit]
    return Page(rows=rows, next=to_cursor(order, [str(rows[-1].reference)]) if len(found) > limit else None)


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
    decode = msgspec.json.Decoder(of).decode
    page = page_of(connection, _Stored, select, conditions, arguments, sort=sort, limit=limit, after=after)
    rows = [
        Listed(
            stream_id=row.stream_id,
            reference=row.reference,
            state=decode(row.state),
            version=row.version,
            position=row.position,
        )
        for row in page.rows
    ]
    return Page(rows=rows, next=page.next)


def numbered_page(
    connection: Connection,
    into: type[R],
    select: sql.SQL,
    conditions: Sequence[sql.Composable],
    arguments: Mapping[str, object],
    *,
    sort: str,
    page: int,
    per_page: int,
) -> tuple[list[R], int]:
    """A page by its number (clamped to the last one), and how many rows there are in all; later pages cost more."""
    order = parse_sort(sort, SORTS, last="reference")
    held = sql.SQL("{} WHERE {}").format(select, sql.SQL(" AND ").join(conditions))
    count = fetch_one(connection, _Count, sql.SQL("SELECT count(*) AS total FROM ({}) AS held").format(held), arguments)
    total = count.total if count else 0
    last = max((total - 1) // per_page, 0)
    given = {**arguments, "limit": per_page, "offset": per_page * min(max(page - 1, 0), last)}
    query = sql.SQL("{} ORDER BY {} LIMIT %(limit)s OFFSET %(offset)s").format(held, order.order_by())
    return fetch(connection, into, query, given), total
