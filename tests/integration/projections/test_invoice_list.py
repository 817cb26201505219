from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from invoicing_domain.categories import INVOICE
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.money import Money
from invoicing_domain.recording.application import Ledger
from projections.invoice_list import query
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.query import list_invoices
from projections.invoice_list.row import InvoiceRow
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION
from tests.support.histories import History

Connection = psycopg.Connection[Any]

FAR = date(2027, 6, 1)
DAYS = [date(2026, 1, 1), date(2026, 3, 1), FAR]


def everything(connection: Connection) -> list[InvoiceRow]:
    """All rows but discarded drafts, page after page."""
    rows: list[InvoiceRow] = []
    after = None
    while True:
        page = list_invoices(connection, ORGANIZATION, InvoiceFilter(), today=FAR, sort="reference", after=after)
        rows += page.rows
        after = page.next
        if after is None:
            return rows


def chosen(connection: Connection, wanted: InvoiceFilter, today: date) -> list[int]:
    rows, total = query.page(connection, ORGANIZATION, wanted, today=today, per_page=100)
    assert total <= 100, "the histories of these tests are short"
    assert len(rows) == total
    return [row.reference for row in rows]


def test_each_row_says_what_the_domain_says(connection: Connection, ledger: Ledger, history: History) -> None:
    seen = 0
    for invoice_id in history.invoices:
        state: Invoice | None = ledger.load(INVOICE, invoice_id).state
        row = query.get(connection, ORGANIZATION, invoice_id=invoice_id)
        if state is None:
            assert row is None
            continue
        seen += 1
        assert row is not None
        totals = state.totals
        amounts = (totals.lines_net, totals.discount, totals.net, totals.vat, totals.gross)
        assert (row.lines_net, row.discount, row.net, row.vat, row.gross) == tuple(one.minor for one in amounts)
        assert (row.paid, row.credited, row.balance) == (state.paid.minor, state.credited.minor, state.balance.minor)
        assert row.phase == state.phase
        assert row.number == (state.sent.number if state.sent else None)
        assert row.due_date == state.due_date
        assert row.customer_name == state.header.customer.name
        assert row.reminders_held == state.reminders_held
        assert row.credited_in_full == (bool(state.credit_notes) and credited_gross(state) == totals.gross)
        for today in DAYS:
            assert row.status(today) == state.status(today)
    assert seen > 50


@pytest.mark.parametrize("today", DAYS)
def test_the_status_that_sql_filters_by_is_the_domain_s(connection: Connection, history: History, today: date) -> None:
    rows = everything(connection)
    for status in ("draft", "sent", "partially_paid", "paid", "overdue", "credited"):
        expected = [row.reference for row in rows if row.status(today) == status]
        assert chosen(connection, InvoiceFilter(status=(status,)), today) == expected
    for overdue in (True, False):
        expected = [row.reference for row in rows if row.overdue(today) is overdue]
        assert chosen(connection, InvoiceFilter(overdue=overdue), today) == expected
    assert history.commands


def test_several_statuses_are_any_of_them(connection: Connection, history: History) -> None:
    expected = [row.reference for row in everything(connection) if row.status(FAR) in {"paid", "draft"}]
    assert chosen(connection, InvoiceFilter(status=("paid", "draft")), FAR) == expected
    assert history.invoices


MIDDLE = date(2026, 2, 15)


def gross(row: InvoiceRow) -> Decimal:
    return Money(row.gross, row.currency).decimal


def both(row: InvoiceRow) -> bool:
    early = row.issue_date is not None and row.issue_date <= MIDDLE
    return early and row.currency == "RON"


FILTERS: list[tuple[InvoiceFilter, Callable[[InvoiceRow], bool]]] = [
    (InvoiceFilter(currency="EUR"), lambda row: row.currency == "EUR"),
    (InvoiceFilter(number="IZV000003"), lambda row: row.number == "IZV000003"),
    (InvoiceFilter(issued_from=MIDDLE), lambda row: row.issue_date is not None and row.issue_date >= MIDDLE),
    (InvoiceFilter(issued_to=MIDDLE), lambda row: row.issue_date is not None and row.issue_date <= MIDDLE),
    (InvoiceFilter(due_from=MIDDLE), lambda row: row.due_date is not None and row.due_date >= MIDDLE),
    (InvoiceFilter(due_to=MIDDLE), lambda row: row.due_date is not None and row.due_date <= MIDDLE),
    (InvoiceFilter(total_min=Decimal("90000.5")), lambda row: gross(row) >= Decimal("90000.5")),
    (InvoiceFilter(total_max=Decimal(90000)), lambda row: gross(row) <= Decimal(90000)),
    (InvoiceFilter(efactura_status="nok"), lambda row: row.efactura_status == "nok"),
    (
        InvoiceFilter(issued_from=MIDDLE - timedelta(days=20), issued_to=MIDDLE),
        lambda row: row.issue_date is not None and MIDDLE - timedelta(days=20) <= row.issue_date <= MIDDLE,
    ),
    (
        InvoiceFilter(due_from=MIDDLE - timedelta(days=20), due_to=MIDDLE),
        lambda row: row.due_date is not None and MIDDLE - timedelta(days=20) <= row.due_date <= MIDDLE,
    ),
    (
        InvoiceFilter(issued_to=MIDDLE, due_from=MIDDLE),
        lambda row: (
            row.issue_date is not None and row.due_date is not None and row.issue_date <= MIDDLE <= row.due_date
        ),
    ),
    (InvoiceFilter(currency="RON", issued_to=MIDDLE), both),
]


ORDERS = [f"{sign}{name}" for name in query.SORTS for sign in ("", "-")]


@pytest.mark.parametrize("sort", ORDERS)
def test_every_filter_finds_the_same_in_every_order(connection: Connection, history: History, sort: str) -> None:
    for wanted, holds in FILTERS:
        page = list_invoices(connection, ORGANIZATION, wanted, today=history.today, sort=sort, limit=100)
        expected = {row.reference for row in everything(connection) if holds(row)}
        assert {row.reference for row in page.rows} == expected, wanted


@pytest.mark.parametrize("case", FILTERS, ids=lambda case: str(case[0]).replace("None", ""))
def test_filters_find_what_holds_and_nothing_else(
    connection: Connection, history: History, case: tuple[InvoiceFilter, Callable[[InvoiceRow], bool]]
) -> None:
    wanted, holds = case
    expected = [row.reference for row in everything(connection) if holds(row)]
    assert chosen(connection, wanted, history.today) == expected
    assert expected


def test_an_order_leads_to_its_invoice(connection: Connection, history: History) -> None:
    ordered = next(row for row in everything(connection) if row.order_id)
    assert chosen(connection, InvoiceFilter(order_id=ordered.order_id), history.today) == [ordered.reference]
    assert chosen(connection, InvoiceFilter(ids=(ordered.invoice_id,)), history.today) == [ordered.reference]


SORTS = [*query.SORTS, *(f"-{name}" for name in query.SORTS), "-due_date,number", "customer_name,-gross,reference"]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_show_every_invoice_once_in_order(connection: Connection, history: History, sort: str) -> None:
    pages: list[int] = []
    after, calls = None, 0
    while True:
        page = list_invoices(
            connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort=sort, limit=7, after=after
        )
        pages += [row.reference for row in page.rows]
        calls += 1
        if page.next is None:
            break
        after = page.next
    whole, total = query.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort=sort, per_page=100)
    assert calls > 5
    assert len(pages) == len(set(pages)) == total
    assert pages == [row.reference for row in whole]


def test_an_ascending_sort_ascends_and_a_minus_turns_it(connection: Connection, history: History) -> None:
    up, _ = query.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort="gross", per_page=100)
    down, _ = query.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort="-gross", per_page=100)
    assert [gross(row) for row in up] == sorted(gross(row) for row in up)
    assert down == up[::-1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"sort": "gross; DROP TABLE"}, "sort"),
        ({"sort": ""}, "sort"),
        ({"sort": "gross,-gross"}, "sort"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"after": "not a cursor"}, "after"),
        ({"after": "ţ"}, "after"),
        ({"after": "W10"}, "after"),
        ({"after": "WyItcmVmZXJlbmNlIiwieCJd"}, "after"),
    ],
)
def test_bad_pages_are_refused_by_name(
    connection: Connection, history: History, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        list_invoices(connection, ORGANIZATION, InvoiceFilter(), today=history.today, **arguments)


def test_a_cursor_of_one_order_is_no_cursor_of_another(connection: Connection, history: History) -> None:
    page = list_invoices(connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort="gross", limit=1)
    with pytest.raises(ValueError, match=r"^after: not a cursor of this list"):
        list_invoices(
            connection, ORGANIZATION, InvoiceFilter(), today=history.today, sort="-gross", limit=1, after=page.next
        )


def test_numbered_pages_are_clamped_to_the_last(connection: Connection, history: History) -> None:
    whole, total = query.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, per_page=100)
    last, again = query.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, page=9999, per_page=10)
    assert again == total
    assert last == whole[(total - 1) // 10 * 10 :]


def test_candidates_for_reminders_are_the_open_ones_due_by_a_day(connection: Connection, history: History) -> None:
    day = history.today - timedelta(days=20)
    expected = {
        row.reference
        for row in everything(connection)
        if row.phase == "sent" and row.balance > 0 and row.due_date and row.due_date <= day and not row.credited_in_full
    }
    found = query.overdue_unpaid(connection, ORGANIZATION, day)
    assert {row.reference for row in found} == expected
    assert [row.due_date for row in found] == sorted(row.due_date for row in found if row.due_date)


def test_nothing_is_visible_across_organizations(connection: Connection, history: History) -> None:
    mine = everything(connection)[0]
    assert query.get(connection, OTHER_ORGANIZATION, invoice_id=mine.invoice_id) is None
    assert query.page(connection, OTHER_ORGANIZATION, InvoiceFilter(), today=FAR) == ([], 0)
    assert query.overdue_unpaid(connection, OTHER_ORGANIZATION, FAR) == []
    assert history.position


def test_discarded_drafts_are_shown_only_when_asked_for(connection: Connection, history: History) -> None:
    rows, _ = query.page(connection, ORGANIZATION, InvoiceFilter(status=("discarded",)), today=FAR, per_page=100)
    assert {row.phase for row in rows} == {"discarded"}
    assert not {row.reference for row in rows} & {row.reference for row in everything(connection)}
    assert history.refused


WORKING = {"draft", "credited_gross", "customer_key", "gross_mills"}


def test_a_row_has_every_column_but_the_working_ones(connection: Connection) -> None:
    with connection.execute("SELECT * FROM read.invoice_list LIMIT 0") as cursor:
        columns = {column.name for column in cursor.description or ()}
    assert columns - set(InvoiceRow._fields) == WORKING


@pytest.mark.parametrize("sort", ORDERS)
def test_before_the_first_invoice_there_is_none(connection: Connection, history: History, sort: str) -> None:
    wanted = InvoiceFilter(issued_to=date(1999, 12, 31), efactura_status="nok")
    assert list_invoices(connection, ORGANIZATION, wanted, today=history.today, sort=sort).rows == []


@pytest.mark.parametrize(
    "sort", ["issue_date", "-issue_date", "due_date", "-due_date,number", "-reference", "-gross", "number", "-number"]
)
def test_a_period_is_the_same_in_every_order_page_by_page(connection: Connection, history: History, sort: str) -> None:
    wanted = InvoiceFilter(issued_from=MIDDLE - timedelta(days=30), issued_to=MIDDLE)
    rows, total = query.page(connection, ORGANIZATION, wanted, today=history.today, sort=sort, per_page=100)
    paged: list[str] = []
    after: str | None = None
    while True:
        found = list_invoices(connection, ORGANIZATION, wanted, today=history.today, sort=sort, limit=3, after=after)
        paged += [row.invoice_id for row in found.rows]
        if (after := found.next) is None:
            break
    assert paged == [row.invoice_id for row in rows]
    assert len(paged) == total > 3
