"""Between which references or numbers those lie that a filter chooses: where a walk along an index may begin and end.

References, numbers and dates grow together, which the planner does not know. It takes the invoices of a year, or of a
state at the tax authority, for evenly spread, and would walk past all others of a long history to come to them. A few
looks into indexes that end in the reference, or in the number, tell where they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from projections.invoice_list.filters import BY_TIME, DUE_DATE, ISSUE_DATE, NUMBER, InvoiceFilter
from projections.rows import Connection, fetch_one

GROWING: Final = BY_TIME | {"balance"}
"""Most balances are the same, nothing: within it references grow too."""

_OF_A_STATUS: Final = sql.SQL("""
SELECT min(reference) AS lowest, max(reference) AS highest FROM read.invoice_list
WHERE organization_id = %(organization_id)s::uuid AND efactura_status = %(efactura_status)s
""")

# Day by day: the lowest and the highest of each are the ends of its stretch of the index.
_OF_A_PERIOD: Final = sql.SQL("""
SELECT min(day.lowest) AS lowest, max(day.highest) AS highest
FROM (SELECT
        (SELECT {key} FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND {key} >= {since}
           AND phase <> 'discarded' ORDER BY {key} LIMIT 1) AS first,
        (SELECT {key} FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND {key} <= {until}
           AND phase <> 'discarded' ORDER BY {key} DESC LIMIT 1) AS last) AS ends,
    generate_series(ends.first, ends.last, interval '1 day') AS one,
    LATERAL (SELECT min({bounded}) AS lowest, max({bounded}) AS highest FROM read.invoice_list
        WHERE organization_id = %(organization_id)s::uuid AND {key} = one::date AND phase <> 'discarded') AS day
""")
_BETWEEN: Final = sql.SQL("SELECT max(lowest) AS lowest, min(highest) AS highest FROM ({}) AS each")
_AND: Final = sql.SQL(" UNION ALL ")

_BEFORE_ALL: Final = sql.SQL("'-infinity'::date")
_AFTER_ALL: Final = sql.SQL("'9999-12-30'::date")


_REFERENCE: Final = sql.SQL("reference")
_WITHIN: Final = sql.SQL("{} BETWEEN {} AND {}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A condition that holds for all that a filter chooses, and its parameters."""

    condition: sql.Composed
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """Both included; None where nothing is chosen."""

    lowest: int | str | None
    highest: int | str | None


def bounds_of(
    connection: Connection, wanted: InvoiceFilter, first: str, arguments: Mapping[str, object]
) -> list[Bounds]:
    """Bounds for an order whose first key is `first`, with the arguments of the filter; none where none would help."""
    if first not in GROWING or "discarded" in wanted.status:
        return []
    status = [] if wanted.efactura_status is None else [_OF_A_STATUS]
    if first != "number":
        return _bounds(connection, "reference", _REFERENCE, [*status, *_periods(wanted, first, _REFERENCE)], arguments)
    numbers = _bounds(connection, "number", NUMBER, list(_periods(wanted, first, NUMBER)), arguments)
    return numbers + _bounds(connection, "reference", _REFERENCE, status, arguments)


def _bounds(
    connection: Connection,
    name: str,
    bounded: sql.Composable,
    parts: Sequence[sql.Composable],
    arguments: Mapping[str, object],
) -> list[Bounds]:
    ends = fetch_one(connection, _Ends, _BETWEEN.format(_AND.join(parts)), arguments) if parts else None
    if ends is None:
        return []
    lowest, highest = f"lowest_{name}", f"highest_{name}"
    condition = _WITHIN.format(bounded, sql.Placeholder(lowest), sql.Placeholder(highest))
    return [Bounds(condition, {lowest: ends.lowest, highest: ends.highest})]


def _periods(wanted: InvoiceFilter, first: str, bounded: sql.Composable) -> Iterator[sql.Composed]:
    for sort, key, since, until in (
        ("issue_date", ISSUE_DATE, "issued_from", "issued_to"),
        ("due_date", DUE_DATE, "due_from", "due_to"),
    ):
        if sort != first and (getattr(wanted, since) is not None or getattr(wanted, until) is not None):
            yield _OF_A_PERIOD.format(
                key=key,
                bounded=bounded,
                since=_BEFORE_ALL if getattr(wanted, since) is None else sql.Placeholder(since),
                until=_AFTER_ALL if getattr(wanted, until) is None else sql.Placeholder(until),
            )
