"""Reading the invoice list. The caller says what day it is: status and overdue are judged at reading time."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import sql

from projections.invoice_list.common_words import BY_NAME, with_common_words
from projections.invoice_list.filters import DUE_DATE, ISSUE_DATE, NUMBER, InvoiceFilter, where
from projections.invoice_list.row import SELECT, InvoiceRow
from projections.invoice_list.wish import Wish, rows_of, selection
from projections.keyset import Key, parse_sort, to_cursor
from projections.rows import Connection, check_limit, fetch, fetch_one

SORTS: Final[dict[str, Key]] = {
    "reference": Key(sql.SQL("reference"), "integer"),
    "number": Key(NUMBER, "text"),
    "issue_date": Key(ISSUE_DATE, "date"),
    "due_date": Key(DUE_DATE, "date"),
    "gross": Key(sql.SQL("gross_mills"), "integer"),
    "balance": Key(sql.SQL("balance"), "integer"),
    BY_NAME: Key(sql.SQL("customer_key"), "text"),
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
    wish = Wish(organization_id, wanted, order, today, limit, after)
    if wanted.matching is None:
        found = fetch(connection, InvoiceRow, *selection(connection, wish))
    else:
        found = with_common_words(connection, wish, wanted.matching)
    more = len(found) > limit
    rows = found[:limit]
    return InvoicePage(rows=rows, next=to_cursor(order, rows[-1].sort_keys) if more else None)


def all_of(
    organization_id: str, wanted: InvoiceFilter, *, today: date, sort: str
) -> tuple[sql.Composed, dict[str, object]]:
    """The query for all rows of a filter, in order, and its parameters. Raises ValueError for a bad sort."""
    order = parse_sort(sort, SORTS, last="reference")
    condition, arguments = where(organization_id, wanted, today, order.first)
    return sql.SQL("{} {} ORDER BY {}").format(SELECT, rows_of(wanted, condition), order.order_by()), arguments


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
    source = rows_of(wanted, condition)
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
