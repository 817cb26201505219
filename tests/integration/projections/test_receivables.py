import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from invoicing_domain.model.credit_note.events import Applied, CreditRefunded, Issued, Unapplied
from invoicing_domain.model.invoice.events import (
    CreditApplied,
    CreditNoteIssued,
    CreditUnapplied,
    DueDateExtended,
    PaymentDeallocated,
    PaymentReceived,
    PaymentReversed,
    Sent,
)
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.events import Allocated, Deallocated, Recorded, Refunded, Reversed
from invoicing_domain.model.reference.currencies import MINOR_DIGITS
from invoicing_domain.recording import envelope
from invoicing_domain.recording.application import Ledger
from projections.invoice_list import query as invoice_list
from projections.invoice_list.filters import InvoiceFilter
from projections.receivable_movements.query import (
    BUCKETS,
    AgingRow,
    aging,
    customer_balance,
)
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION
from tests.support.histories import History

Connection = psycopg.Connection[Any]
Buckets = dict[tuple[str, str], dict[str, int]]


def bucket_of(due: date, as_of: date) -> str:
    late = (as_of - due).days
    bounds = ((0, "not_due"), (30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"))
    return next((name for bound, name in bounds if late <= bound), "days_91_plus")


def owner(fact: object) -> str | None:
    """Whose document begins with this fact."""
    if isinstance(fact, Sent | Issued):
        return fact.customer.customer_id
    return fact.customer_id if isinstance(fact, Recorded) else None


def change(fact: object) -> Money | None:
    """What the fact adds to the invoice, or to the credit of the customer, that its stream is about."""
    match fact:
        case Sent():
            return fact.totals.gross
        case PaymentReceived() | CreditApplied():
            return -fact.amount
        case PaymentReversed() | PaymentDeallocated() | CreditUnapplied():
            return fact.amount
        case CreditNoteIssued():
            return -fact.applied
    return change_of_credit(fact)


def change_of_credit(fact: object) -> Money | None:
    match fact:
        case Refunded() | CreditRefunded():
            return fact.amount
        case Applied(allocations=given, unapplied=rest):
            return sum((one.amount for one in given), start=zero(rest.currency))
        case Deallocated(allocations=given, unallocated=rest) | Unapplied(allocations=given, unapplied=rest):
            return -sum((one.amount for one in given), start=zero(rest.currency))
        case Recorded():
            return -fact.unallocated
        case Issued():
            return -fact.unapplied
        case Allocated(allocations=given, unallocated=rest):
            return sum((one.amount for one in given), start=zero(rest.currency))
        case Reversed():
            return fact.unallocated
    return None


def brute_force(facts: list[envelope.Recorded], as_of: date, known_at: datetime | None) -> Buckets:
    """The ageing report by definition: what each invoice and each payment is worth by then, one after the other."""
    customers = {one.originator_id: who for one in facts if (who := owner(one.fact)) is not None}
    due = {one.originator_id: one.fact.due_date for one in facts if isinstance(one.fact, Sent)}
    worth: dict[tuple[str, str], int] = defaultdict(int)  # of an invoice, payment or credit note, by currency
    for one in facts:
        amount = change(one.fact)
        if known_at is not None and one.meta.at > known_at:
            continue
        if isinstance(one.fact, DueDateExtended) and one.fact.date <= as_of:
            due[one.originator_id] = one.fact.due_date
        if amount is None:
            continue
        effective = one.fact.issue_date if isinstance(one.fact, Sent | Issued) else one.fact.date
        if effective <= as_of:
            worth[one.originator_id, amount.currency] += amount.minor
    report: Buckets = defaultdict(lambda: dict.fromkeys(BUCKETS, 0))
    for (document, currency), amount_left in worth.items():
        bucket = bucket_of(due[document], as_of) if document in due else "unapplied"
        report[customers[document], currency][bucket] += amount_left
    return {key: buckets for key, buckets in report.items() if any(buckets.values())}


def as_buckets(rows: tuple[AgingRow, ...]) -> Buckets:
    found = {(row.customer_id or "", row.currency): {name: getattr(row, name) for name in BUCKETS} for row in rows}
    return {key: buckets for key, buckets in found.items() if any(buckets.values())}


def in_bi(connection: Connection, as_of: date, known_at: datetime | None) -> Buckets:
    """The same report by the function for BI, in minor units."""
    rows = connection.execute("SELECT * FROM bi.ar_aging_at(%s, %s)", (as_of, known_at)).fetchall()
    found: Buckets = {}
    for _, customer, _, currency, *amounts, balance in rows:
        assert balance == sum(amounts)
        digits = MINOR_DIGITS[currency]
        assert {-amount.as_tuple().exponent for amount in amounts} == {digits}  # 0.00, not 0
        found[customer, currency] = {
            name: int(value.scaleb(digits)) for name, value in zip(BUCKETS, amounts, strict=True)
        }
    return {key: buckets for key, buckets in found.items() if any(buckets.values())}


def test_ageing_is_the_fold_of_what_was_effective_and_known_by_then(
    connection: Connection, ledger: Ledger, history: History
) -> None:
    facts = ledger.feed(0, 10_000)
    pick = random.Random(11)  # noqa: S311 - days, not secrets
    whole = 0
    for _ in range(60):
        as_of = date(2026, 1, 5) + timedelta(days=pick.randint(-5, 300))
        known_at = pick.choice([None, datetime(2026, 1, 5, 10, tzinfo=UTC) + timedelta(days=pick.random() * 200)])
        report = aging(connection, ORGANIZATION, as_of, known_at)
        expected = brute_force(facts, as_of, known_at)
        assert as_buckets(report.rows) == expected
        one = pick.choice(history.customers)
        alone = aging(connection, ORGANIZATION, as_of, known_at, customer_id=one)
        assert as_buckets(alone.rows) == {key: buckets for key, buckets in expected.items() if key[0] == one}
        assert in_bi(connection, as_of, known_at) == expected
        whole += len(report.rows)
    assert whole > 100
    assert history.payments


def test_buckets_add_up_to_the_balance_and_rows_to_the_totals(connection: Connection, history: History) -> None:
    report = aging(connection, ORGANIZATION, history.today + timedelta(days=45))
    for total in report.totals:
        rows = [row for row in report.rows if row.currency == total.currency]
        assert sum(row.balance for row in rows) == total.balance
        for row in (*rows, total):
            assert row.balance == sum(getattr(row, name) for name in BUCKETS)
            assert row.unapplied <= 0
    by_currency = aging(connection, ORGANIZATION, history.today + timedelta(days=45), by="currency")
    assert by_currency.rows == report.totals


def test_ageing_today_agrees_with_the_balances_of_the_list(connection: Connection, history: History) -> None:
    rows, _ = invoice_list.page(connection, ORGANIZATION, InvoiceFilter(), today=history.today, per_page=100)
    report = aging(connection, ORGANIZATION, date(2030, 1, 1))
    for total in report.totals:
        open_invoices = sum(row.balance for row in rows if row.currency == total.currency)
        assert total.balance - total.unapplied == open_invoices


def test_due_today_is_not_overdue(connection: Connection, history: History) -> None:
    rows, _ = invoice_list.page(connection, ORGANIZATION, InvoiceFilter(status=("sent",)), today=history.today)
    due = rows[0].due_date
    assert due is not None
    on_the_day, after = (aging(connection, ORGANIZATION, day) for day in (due, due + timedelta(days=1)))

    def late(report: tuple[AgingRow, ...]) -> int:
        mine = [row for row in report if (row.customer_id, row.currency) == (rows[0].customer_id, rows[0].currency)]
        return sum(row.days_1_30 for row in mine)

    assert late(after.rows) >= late(on_the_day.rows) + rows[0].balance


def test_what_a_customer_owes_agrees_with_ageing(connection: Connection, history: History) -> None:
    report = aging(connection, ORGANIZATION, date(2030, 1, 1))
    seen = 0
    for customer in history.customers:
        for owed in customer_balance(connection, ORGANIZATION, customer):
            rows = [row for row in report.rows if (row.customer_id, row.currency) == (customer, owed.currency)]
            assert owed.balance == sum(row.balance for row in rows)
            assert owed.credit == -sum(row.unapplied for row in rows)
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("customer", ["", "no such customer"])
def test_strangers_owe_nothing(connection: Connection, history: History, customer: str) -> None:
    assert customer_balance(connection, ORGANIZATION, customer) == []
    assert customer_balance(connection, OTHER_ORGANIZATION, history.customers[0]) == []
    assert aging(connection, OTHER_ORGANIZATION, history.today).rows == ()
