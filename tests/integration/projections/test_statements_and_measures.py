"""Statement of account, DSO and on-time share against what their definitions say of the movements."""

import calendar
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from invoicing_domain.model.reference.currencies import MINOR_DIGITS
from projections.receivable_movements.measures import measures, on_time
from projections.receivable_movements.query import aging, customer_balance
from projections.receivable_movements.statement import statement
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION
from tests.support.histories import History

Connection = psycopg.Connection[Any]
EVER = date(2030, 1, 1)


def sums(connection: Connection, customer: str, before: date, known_at: datetime | None) -> dict[str, int]:
    rows = connection.execute(
        "SELECT currency, sum(amount_minor)::bigint FROM read.receivable_movement WHERE customer_id = %s"
        " AND effective_date < %s AND (%s::timestamptz IS NULL OR recorded_at <= %s) GROUP BY 1",
        (customer, before, known_at, known_at),
    ).fetchall()
    return dict(rows)


def test_a_statement_runs_from_balance_to_balance(connection: Connection, history: History) -> None:
    pick = random.Random(5)  # noqa: S311 - days, not secrets
    lines = 0
    for _ in range(40):
        customer = pick.choice(history.customers)
        since = date(2026, 1, 1) + timedelta(days=pick.randint(0, 120))
        until = since + timedelta(days=pick.randint(0, 90))
        known_at = pick.choice([None, datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=pick.random() * 150)])
        opening = sums(connection, customer, since, known_at)
        closing = sums(connection, customer, until + timedelta(days=1), known_at)
        found = statement(connection, ORGANIZATION, customer, since=since, until=until, known_at=known_at)
        assert {one.currency: one.opening for one in found if one.opening} == {k: v for k, v in opening.items() if v}
        assert {one.currency: one.closing for one in found if one.closing} == {k: v for k, v in closing.items() if v}
        for account in found:
            balance = account.opening
            for line in account.lines:
                balance += line.amount
                assert (line.balance, line.amount != 0) == (balance, True)
                assert since <= line.effective_date <= until
            assert balance == account.closing
            days = [line.effective_date for line in account.lines]
            assert days == sorted(days)
            lines += len(days)
    assert lines > 40


def test_a_statement_of_everything_closes_with_the_balance_of_the_customer(
    connection: Connection, history: History
) -> None:
    for customer in history.customers:
        found = statement(connection, ORGANIZATION, customer, since=None, until=EVER)
        owed = customer_balance(connection, ORGANIZATION, customer)
        assert {one.currency: one.closing for one in found} == {one.currency: one.balance for one in owed}
        assert {one.opening for one in found} <= {0}
        in_bi = connection.execute(
            "SELECT currency, kind, number, amount, balance FROM bi.statement WHERE customer_id = %s"
            " ORDER BY currency, effective_date, position, kind",
            (customer,),
        ).fetchall()
        assert [(c, kind, number, int(a.scaleb(MINOR_DIGITS[c])), int(b.scaleb(MINOR_DIGITS[c])))
                for c, kind, number, a, b in in_bi] == [
            (line.currency, line.kind, line.number, line.amount, line.balance) for one in found for line in one.lines
        ]  # fmt: skip


def test_strangers_have_no_account(connection: Connection, history: History) -> None:
    assert statement(connection, OTHER_ORGANIZATION, history.customers[0], since=None, until=EVER) == ()


def test_each_payment_invoice_and_credit_note_is_one_line_of_its_whole_amount(
    connection: Connection, history: History
) -> None:
    gross: dict[str, int] = dict(
        connection.execute("SELECT document_id::text, amount_minor FROM read.receivable_document").fetchall()
    )
    seen = 0
    for customer in history.customers:
        for account in statement(connection, ORGANIZATION, customer, since=None, until=EVER):
            for line in account.lines:
                if line.kind in {"invoice", "payment", "credit_note"}:
                    assert abs(line.amount) == gross[line.document_id], line
                    seen += 1
    assert seen > 50


def months(connection: Connection) -> list[Any]:
    return connection.execute(
        "SELECT month, currency, sales, opening_receivable, closing_receivable, closing_not_due, dso,"
        " best_possible_dso, average_days_delinquent, collection_effectiveness, dso_countback FROM bi.dso"
        " WHERE month < '2026-08-01' ORDER BY 1, 2"
    ).fetchall()


def test_measures_of_a_month_agree_with_the_view_and_with_ageing(connection: Connection, history: History) -> None:
    rows = months(connection)
    assert len(rows) > 10
    for month, currency, *shown in rows:
        until = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        by_currency = {one.currency: one for one in measures(connection, ORGANIZATION, since=month, until=until)}
        one = by_currency[currency]
        amounts = (one.sales, one.opening_receivable, one.closing_receivable, one.closing_not_due)
        major = [Decimal(minor).scaleb(-MINOR_DIGITS[currency]) for minor in amounts]
        assert shown == [
            *major,
            one.dso,
            one.best_possible_dso,
            one.average_days_delinquent,
            one.collection_effectiveness,
            one.dso_countback,
        ]
        total = [row for row in aging(connection, ORGANIZATION, until).totals if row.currency == currency]
        assert one.closing_receivable == sum(row.balance for row in total)
    assert history.invoices


def test_on_time_counts_all_that_were_due_and_agrees_with_the_view(connection: Connection, history: History) -> None:
    since, until = date(2026, 1, 1), date(2026, 6, 30)
    due: dict[str, list[tuple[int, int]]] = defaultdict(list)
    documents = connection.execute(
        "SELECT document_id, currency, coalesce(agreed_due_date, due_date), amount_minor FROM read.receivable_document"
        " WHERE kind = 'invoice' AND coalesce(agreed_due_date, due_date) BETWEEN %s AND %s",
        (since, until),
    ).fetchall()
    for document, currency, day, gross in documents:
        moved = connection.execute(
            "SELECT kind, amount_minor, effective_date FROM read.receivable_movement WHERE invoice_id = %s", (document,)
        ).fetchall()
        asked = gross + sum(amount for kind, amount, _ in moved if kind.startswith("credit"))
        paid = -sum(amount for kind, amount, on in moved if kind.startswith("payment") and on <= day)
        if asked > 0:
            due[currency].append((asked, paid))
    found = on_time(connection, ORGANIZATION, since=since, until=until)
    assert {one.currency: (one.invoices_due, one.invoices_on_time, one.value_due) for one in found} == {
        currency: (len(of), sum(paid >= asked for asked, paid in of), sum(asked for asked, _ in of))
        for currency, of in due.items()
    }
    in_bi = connection.execute(
        "SELECT currency, sum(invoices_due), sum(invoices_on_time), sum(value_on_time) FROM bi.on_time"
        " WHERE month BETWEEN %s AND %s GROUP BY 1 ORDER BY 1",
        (since, until),
    ).fetchall()
    assert in_bi == [
        (o.currency, o.invoices_due, o.invoices_on_time, Decimal(o.value_on_time).scaleb(-MINOR_DIGITS[o.currency]))
        for o in found
    ]
    assert sum(len(of) for of in due.values()) > 20
    assert history.payments
