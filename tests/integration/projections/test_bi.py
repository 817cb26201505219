from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from invoicing_domain.model.reference.currencies import MINOR_DIGITS
from projections.install import install
from tests.integration.projections.conftest import Company
from tests.support.histories import History

Connection = psycopg.Connection[Any]

CONTRACT = Path(__file__).parent / "bi_contract.txt"
"""View, column and type, in order. Only ever add to the end of a view, or views."""


def columns(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 ORDER BY c.relname, a.attnum"
    ).fetchall()
    return [row for (row,) in rows]


def test_views_keep_their_columns_in_place(connection: Connection) -> None:
    assert columns(connection) == CONTRACT.read_text(encoding="utf-8").splitlines()


def test_every_view_and_column_says_what_it_is(connection: Connection) -> None:
    silent = connection.execute(
        "SELECT c.relname, a.attname FROM pg_class c"
        " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v'"
        " AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)"
    ).fetchall()
    assert silent == []


def test_the_role_for_bi_reads_every_view_and_nothing_else(connection: Connection, history: History) -> None:
    views = [name for (name,) in connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'bi'")]
    assert len(views) == 15
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL ROLE izvor_bi")
        for view in views:
            assert connection.execute(f"SELECT count(*) > 0 FROM bi.{view}".encode()).fetchone() == (True,), view
        assert connection.execute("SELECT count(*) > 0 FROM bi.ar_aging_at('2026-12-31')").fetchone() == (True,)
    for hidden in ("read.invoice_list", "izvor.events", "izvor.test_clock"):
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL ROLE izvor_bi")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {hidden}".encode())
    assert history.invoices


def test_a_person_of_that_role_connects_and_reads_reports_but_writes_nothing(
    company: Company, connection: Connection
) -> None:
    connection.execute("CREATE ROLE reader LOGIN PASSWORD 'reports' IN ROLE izvor_bi")
    try:
        with psycopg.connect(company.url, user="reader", password="reports", autocommit=True) as reader:
            assert reader.execute("SELECT count(*) > 0 FROM bi.dso").fetchone() == (True,)
            for forbidden in ("DELETE FROM bi.payments", "TABLE read.payment_list", "CREATE TABLE bi.mine ()"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute(forbidden.encode())
    finally:
        connection.execute("DROP ROLE reader")


def test_amounts_are_in_major_units_with_the_digits_of_their_currency(connection: Connection) -> None:
    for currency, digits in MINOR_DIGITS.items():
        row = connection.execute("SELECT read.major(123456, %s)", (currency,)).fetchone()
        assert row is not None
        assert row[0] == Decimal(123456).scaleb(-digits)


def test_movements_add_up_to_the_balance_of_every_invoice(connection: Connection, history: History) -> None:
    rows = connection.execute(
        "SELECT i.balance, sum(m.amount) FROM bi.invoices i JOIN bi.receivable_movements m USING (invoice_id)"
        " WHERE i.status NOT IN ('draft', 'discarded') GROUP BY i.invoice_id, i.balance"
    ).fetchall()
    assert len(rows) > 20
    assert [row for row in rows if row[0] != row[1]] == []
    assert history.payments


def test_lines_add_up_to_their_invoice(connection: Connection, history: History) -> None:
    rows = connection.execute(
        "SELECT i.lines_net, sum(l.net) FROM bi.invoices i JOIN bi.invoice_lines l USING (invoice_id)"
        " GROUP BY i.invoice_id, i.lines_net"
    ).fetchall()
    assert len(rows) > 50
    assert [row for row in rows if row[0] != row[1]] == []
    assert history.invoices


def test_groups_of_vat_add_up_to_their_invoice_and_charges_are_what_remains(
    connection: Connection, history: History
) -> None:
    wrong = connection.execute(
        "SELECT i.invoice_id FROM bi.invoices i"
        " LEFT JOIN (SELECT invoice_id, sum(base) AS base, sum(vat) AS vat FROM bi.invoice_vat GROUP BY invoice_id) g"
        " USING (invoice_id) WHERE i.organization_id = %s AND i.number IS NOT NULL"
        " AND (g.base IS DISTINCT FROM i.net OR g.vat IS DISTINCT FROM i.vat"
        "      OR i.lines_net - i.discount + i.charges <> i.net)",
        (history.organization_id,),
    ).fetchall()
    assert wrong == []


def test_the_ageing_view_is_today_s_and_adds_up(connection: Connection, history: History) -> None:
    rows = connection.execute(
        "SELECT as_of = (now() AT TIME ZONE 'Europe/Bucharest')::date, balance = not_due + days_1_30 + days_31_60"
        " + days_61_90 + days_91_plus + unapplied FROM bi.ar_aging"
    ).fetchall()
    assert len(rows) > 5
    assert set(rows) == {(True, True)}
    assert history.payments


def test_auditors_read_every_fact_as_json(connection: Connection, history: History) -> None:
    row = connection.execute(
        "SELECT count(*), count(recorded_at), count(command_id), count(fact), max(position) FROM bi.events"
    ).fetchone()
    assert row == (history.position,) * 5
    first = connection.execute("SELECT type, version, actor_kind, recorded_at FROM bi.events LIMIT 1").fetchone()
    assert first == ("organization.registered", 1, "token", datetime(2026, 1, 5, 10, 0, 0, 1000, tzinfo=UTC))


def test_views_follow_the_clock_of_the_sandbox(company: Company) -> None:
    with psycopg.connect(company.url) as connection:
        connection.execute("INSERT INTO izvor.test_clock VALUES (true, '2027-01-31 23:00+00', now())")
        assert connection.execute("SELECT DISTINCT as_of::text FROM bi.ar_aging").fetchall() == [("2027-02-01",)]
        connection.rollback()


def test_installing_again_changes_nothing(company: Company, connection: Connection) -> None:
    before = columns(connection)
    with psycopg.connect(company.url, autocommit=True) as other:
        install(other)
    assert columns(connection) == before
