"""Between which references the invoices lie that a filter chooses: where a walk along an index may begin and end.

References, numbers and dates grow together, which the planner does not know. It takes the invoices of a year, or of a
state at the tax authority, for evenly spread, and would walk past all others of a long history to come to them. A few
looks into indexes that end in the reference tell where they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from projections.invoice_list.filters import DUE_DATE, ISSUE_DATE, InvoiceFilter
from projections.rows import Connection, fetch_one

GROWING: Final = frozenset({"reference", "number", "issue_date", "due_date", "created_at", "balance"})
"""Sorts in whose order references grow, by and large; most balances are the same, nothing."""

_OF_A_STATUS: Final = sql.SQL("""
SELECT min(reference) AS lowest, max(reference) AS highest FROM read.invoice_list
WHERE organization_id = %(organization_id)s::uuid AND efactura_status = %(efactura_status)s
""")

# Day by day: the lowest and the highest reference of each are the ends of its stretch of the index.
_OF_A_PERIOD: Final = sql.SQL("""
SELECT min(day.lowest) AS lowest, max(day.highest) AS highest
FROM (SELECT
        (SELECT {key} FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND {key} >= {since}
           AND phase <> 'discarded' ORDER BY {key} LIMIT 1) AS first,
        (SELECT {key} FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND {key} <= {until}
           AND phase <> 'discarded' ORDER BY {key} DESC LIMIT 1) AS last) AS ends,
    generate_series(ends.first, ends.last, interval '1 day') AS one,
    LATERAL (SELECT min(reference) AS lowest, max(reference) AS highest FROM read.invoice_list
        WHERE organization_id = %(organization_id)s::uuid AND {key} = one::date AND phase <> 'discarded') AS day
""")
_BETWEEN: Final = sql.SQL("SELECT max(lowest) AS lowest, min(highest) AS highest FROM ({}) AS each")
_AND: Final = sql.SQL(" UNION ALL ")

_BEFORE_ALL: Final = sql.SQL("'-infinity'::date")
_AFTER_ALL: Final = sql.SQL("'9999-12-30'::date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Both ends included; None where nothing is chosen."""

    lowest: int | None
    highest: int | None


def bounds_of(
    connection: Connection, wanted: InvoiceFilter, first: str, arguments: Mapping[str, object]
) -> Bounds | None:
    """Bounds for an order whose first key is `first`, with the arguments of the filter; None when none would help."""
    parts = list(_parts(wanted, first)) if first in GROWING and "discarded" not in wanted.status else []
    return fetch_one(connection, Bounds, _BETWEEN.format(_AND.join(parts)), arguments) if parts else None


def _parts(wanted: InvoiceFilter, first: str) -> Iterator[sql.Composed]:
    if wanted.efactura_status is not None:
        yield _OF_A_STATUS.format()
    for sort, key, since, until in (
        ("issue_date", ISSUE_DATE, "issued_from", "issued_to"),
        ("due_date", DUE_DATE, "due_from", "due_to"),
    ):
        if sort != first and (getattr(wanted, since) is not None or getattr(wanted, until) is not None):
            yield _OF_A_PERIOD.format(
                key=key,
                since=_BEFORE_ALL if getattr(wanted, since) is None else sql.Placeholder(since),
                until=_AFTER_ALL if getattr(wanted, until) is None else sql.Placeholder(until),
            )
