"""Reading the invoice list. The caller says what day it is: status and overdue are judged at reading time."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from psycopg import sql

from projections.invoice_list.bounds import bounds_of
from projections.invoice_list.filters import DUE_DATE, ISSUE_DATE, NUMBER, InvoiceFilter, where
from projections.invoice_list.row import SELECT, InvoiceRow
from projections.keyset import Key, Order, from_cursor, parse_sort, to_cursor
from projections.rows import Connection, check_limit, fetch, fetch_one

SORTS: Final[dict[str, Key]] = {
    "reference": Key(sql.SQL("reference"), "integer"),
    "number": Key(NUMBER, "text"),
    "issue_date": Key(ISSUE_DATE, "date"),
    "due_date": Key(DUE_DATE, "date"),
    "gross": Key(sql.SQL("gross_mills"), "integer"),
    "balance": Key(sql.SQL("balance"), "integer"),
    "customer_name": Key(sql.SQL("customer_key"), "text"),
    "created_at": Key(sql.SQL("reference"), "integer"),
}
"""What `sort` may name. Drafts without a date come as if at the end of time; `gross` in major units of its currency. In
the order in which they were begun invoices got their references."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePage:
    """Rows, and the cursor of the next page (None: there is none)."""

    rows: list[InvoiceRow]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    total: int


_FROM: Final = sql.SQL("FROM read.invoice_list {}")

# A fence: what words have chosen is fetched, then sorted. The planner would take it for evenly spread in any order, and
# walk along it.
_CHOSEN: Final = sql.SQL("FROM (SELECT * FROM read.invoice_list {} OFFSET 0) AS invoice_list")

WALKED: Final = 5_000
"""So many rows are looked at one by one for words that are common."""

# By the names of keys: the planner then sees that what was walked in order need not be sorted, and stops at the limit.
_WALKED: Final = sql.SQL("""
{select}, {cursor} AS sort_keys
FROM (SELECT *, {keys} {source} ORDER BY {order_by} LIMIT %(walked)s) AS invoice_list
WHERE (SELECT s.words @@ %(matching)s::tsquery FROM read.invoice_search s WHERE s.invoice_id = invoice_list.invoice_id)
ORDER BY {order_by_names} LIMIT %(limit)s
""")
_PASSED: Final = sql.SQL("SELECT count(*) AS total FROM (SELECT 1 {} LIMIT %(walked)s) AS passed")
_GET: Final = sql.SQL("{} FROM read.invoice_list WHERE organization_id = %(organization_id)s::uuid AND {}")
_OPEN: Final = sql.SQL("phase = 'sent' AND balance > 0 AND NOT credited_in_full AND due_date <= %(due)s")


def list_invoices(
    connection: Connection,
    organization_id: str,
    wanted: InvoiceFilter,
    *,
    today: date,
    sort: str = "-reference",
    limit: int = 25,
    after: str | None = None,
) -> InvoicePage:
    """A keyset page. Raises ValueError, its text beginning with the parameter's name, for a bad sort, limit, cursor."""
    order = parse_sort(sort, SORTS, last="reference")
    wish = _Wish(organization_id, wanted, order, today, limit, after)
    if wanted.matching is None:
        found = fetch(connection, InvoiceRow, *_selection(connection, wish))
    else:
        found = _with_common_words(connection, wish)
    more = len(found) > limit
    rows = found[:limit]
    return InvoicePage(rows=rows, next=to_cursor(order, rows[-1].sort_keys) if more else None)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a page is asked for."""

    organization_id: str
    wanted: InvoiceFilter
    order: Order
    today: date
    limit: int
    after: str | None = None


def _selection(connection: Connection, wish: _Wish) -> tuple[sql.Composed, dict[str, object]]:
    """The query of a page, and its parameters; it asks for one row more than the page has, to know whether it ends."""
    source, arguments = _source(connection, wish)
    return _paged(source, wish.order), arguments


def _source(connection: Connection, wish: _Wish) -> tuple[sql.Composed, dict[str, object]]:
    """Where the rows of a page come from, with the parameters of its query."""
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
    return _from(wish.wanted, sql.SQL(" AND ").join(conditions)), arguments


def _from(wanted: InvoiceFilter, condition: sql.Composed) -> sql.Composed:
    return (_CHOSEN if wanted.ids or wanted.matching is not None else _FROM).format(condition)


def _paged(source: sql.Composed, order: Order) -> sql.Composed:
    return sql.SQL("{}, {} AS sort_keys {} ORDER BY {} LIMIT %(limit)s").format(
        SELECT, order.cursor_column(), source, order.order_by()
    )


def _with_common_words(connection: Connection, wish: _Wish) -> list[InvoiceRow]:
    """In most orders common words are met soon; when not among the first thousands, all that have them are sorted."""
    source, arguments = _source(connection, replace(wish, wanted=replace(wish.wanted, matching=None)))
    arguments |= {"matching": wish.wanted.matching, "walked": WALKED}
    keys, order_by_names = wish.order.named()
    walk = _WALKED.format(
        select=SELECT,
        cursor=wish.order.cursor_column(),
        keys=keys,
        source=source,
        order_by=wish.order.order_by(),
        order_by_names=order_by_names,
    )
    found = fetch(connection, InvoiceRow, walk, arguments)
    if len(found) > wish.limit:
        return found
    passed = fetch_one(connection, _Count, _PASSED.format(source), arguments)
    if passed is None or passed.total < WALKED:
        return found
    return fetch(connection, InvoiceRow, *_selection(connection, wish))


def all_of(
    organization_id: str, wanted: InvoiceFilter, *, today: date, sort: str
) -> tuple[sql.Composed, dict[str, object]]:
    """The query for all rows of a filter, in order, and its parameters. Raises ValueError for a bad sort."""
    order = parse_sort(sort, SORTS, last="reference")
    condition, arguments = where(organization_id, wanted, today, order.first)
    return sql.SQL("{} {} ORDER BY {}").format(SELECT, _from(wanted, condition), order.order_by()), arguments


def page(
    connection: Connection,
    organization_id: str,
    wanted: InvoiceFilter,
    *,
    today: date,
    sort: str = "reference",
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[InvoiceRow], int]:
    """A numbered page (clamped to the last one) and how many invoices there are in all."""
    order = parse_sort(sort, SORTS, last="reference")
    condition, arguments = where(organization_id, wanted, today, order.first)
    source = _from(wanted, condition)
    count = fetch_one(connection, _Count, sql.SQL("SELECT count(*) AS total {}").format(source), arguments)
    total = count.total if count else 0
    last = max((total - 1) // check_limit(per_page), 0)
    arguments |= {"limit": per_page, "offset": per_page * min(max(page - 1, 0), last)}
    query = sql.SQL("{} {} ORDER BY {} LIMIT %(limit)s OFFSET %(offset)s").format(SELECT, source, order.order_by())
    return fetch(connection, InvoiceRow, query, arguments), total


def get(
    connection: Connection, organization_id: str, *, invoice_id: str | None = None, number: str | None = None
) -> InvoiceRow | None:
    """One invoice by id, or by legal number."""
    by = sql.SQL("invoice_id = %(invoice_id)s::uuid" if invoice_id is not None else "number = %(number)s")
    arguments = {"organization_id": organization_id, "invoice_id": invoice_id, "number": number}
    return fetch_one(connection, InvoiceRow, _GET.format(SELECT, by), arguments)


def overdue_unpaid(connection: Connection, organization_id: str, due_on_or_before: date) -> list[InvoiceRow]:
    """Candidates for a reminder: sent, something left to pay, due on that day or before; oldest due first."""
    query = sql.SQL("{} ORDER BY due_date, reference").format(_GET.format(SELECT, _OPEN))
    return fetch(connection, InvoiceRow, query, {"organization_id": organization_id, "due": due_on_or_before})
