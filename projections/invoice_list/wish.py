"""What a page of the list is asked for, and the query that answers it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import sql

from projections.invoice_list.bounds import bounds_of
from projections.invoice_list.filters import InvoiceFilter, where
from projections.invoice_list.row import SELECT
from projections.keyset import Order, from_cursor
from projections.rows import Connection, check_limit

Query = tuple[sql.Composed, dict[str, object]]
"""A text, or a part of one, with its parameters."""

_PAGE: Final = sql.SQL("{}, {} AS sort_keys {} ORDER BY {} LIMIT %(limit)s")
_FROM: Final = sql.SQL("FROM read.invoice_list {}")

# A fence: what words have chosen is fetched, then sorted. The planner would take it for evenly spread in any order, and
# walk along it.
_CHOSEN: Final = sql.SQL("FROM (SELECT * FROM read.invoice_list {} OFFSET 0) AS invoice_list")


@dataclass(frozen=True, slots=True)
class Wish:
    """`limit`: how many rows a page has. `after`: the cursor behind whose row it begins."""

    organization_id: str
    wanted: InvoiceFilter
    order: Order
    today: date
    limit: int
    after: str | None = None


def selection(connection: Connection, wish: Wish) -> Query:
    """The query of a page; it asks for one row more than the page has, to know whether it ends."""
    source, arguments = source_of(connection, wish)
    return _PAGE.format(SELECT, wish.order.cursor_column(), source, wish.order.order_by()), arguments


def source_of(connection: Connection, wish: Wish) -> Query:
    """Where the rows of a page come from."""
    order = wish.order
    condition, arguments = where(wish.organization_id, wish.wanted, wish.today, order.first)
    conditions: list[sql.Composable] = [condition]
    for bounds in bounds_of(connection, wish.wanted, order.first, arguments):
        conditions.append(bounds.condition)
        arguments |= bounds.arguments
    if wish.after is not None:
        behind, keys = order.after(from_cursor(order, wish.after))
        conditions.append(behind)
        arguments |= keys
    arguments["limit"] = check_limit(wish.limit) + 1
    return rows_of(wish.wanted, sql.SQL(" AND ").join(conditions)), arguments


def rows_of(wanted: InvoiceFilter, condition: sql.Composable) -> sql.Composed:
    """The rows for which a condition made of a filter holds."""
    return (_CHOSEN if wanted.ids or wanted.matching is not None else _FROM).format(condition)
