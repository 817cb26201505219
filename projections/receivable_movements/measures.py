"""How fast customers pay: days sales outstanding and its relatives, and the share of invoices paid on time.

One definition each; all of them per currency, over a period of whole days, both ends included.

Receivable is the balance of the ageing report (open invoices less customer credit). Sales are invoices less credit
notes, gross, by their dates. What has no meaning (no sales in the period, nothing to collect) is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from psycopg import sql

from projections.receivable_movements.query import AgingRow, aging
from projections.rows import Connection, fetch

_SALES: Final = sql.SQL("""
SELECT currency, issued_on AS day,
    sum(CASE kind WHEN 'invoice' THEN amount_minor ELSE -amount_minor END)::bigint AS amount
FROM read.receivable_document
WHERE organization_id = %(organization_id)s::uuid AND kind <> 'payment' AND issued_on <= %(until)s
  AND (%(known_at)s::timestamptz IS NULL OR first_recorded <= %(known_at)s)
GROUP BY currency, issued_on
""")

# An invoice credited in full, before or after, asks for nothing and is left out.
_ON_TIME: Final = sql.SQL("""
WITH due AS (
    SELECT document_id, currency, amount_minor, coalesce(agreed_due_date, due_date) AS due_date
    FROM read.receivable_document
    WHERE organization_id = %(organization_id)s::uuid AND kind = 'invoice'
      AND coalesce(agreed_due_date, due_date) BETWEEN %(since)s AND %(until)s
), paid AS (
    SELECT d.currency,
        d.amount_minor + coalesce(sum(m.amount_minor) FILTER (WHERE m.kind LIKE 'credit%%'), 0) AS asked,
        coalesce(-sum(m.amount_minor)
            FILTER (WHERE m.kind LIKE 'payment%%' AND m.effective_date <= d.due_date), 0) AS paid
    FROM due d JOIN read.receivable_movement m ON m.subject_id = d.document_id
    GROUP BY d.document_id, d.currency, d.amount_minor, d.due_date
)
SELECT currency, count(*) AS invoices_due, count(*) FILTER (WHERE paid >= asked) AS invoices_on_time,
    sum(asked)::bigint AS value_due, sum(least(greatest(paid, 0), asked))::bigint AS value_on_time
FROM paid WHERE asked > 0 GROUP BY currency ORDER BY currency
""")

_CENTS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The DSO family in one currency. Amounts in minor units; days and percent with two decimals.

    `dso`: closing receivable / sales x days. `dso_countback`: sales of the last days taken back day by day until they
    add up to the closing receivable; how many days that takes, the last one in part. `best_possible_dso`: the part
    of the closing receivable that is not due / sales x days. `average_days_delinquent`: dso less best possible dso.
    `collection_effectiveness`: (opening + sales - closing) / (opening + sales - closing not due) x 100.
    """

    currency: str
    days: int
    sales: int
    opening_receivable: int
    closing_receivable: int
    closing_not_due: int
    dso: Decimal | None
    dso_countback: Decimal | None
    best_possible_dso: Decimal | None
    average_days_delinquent: Decimal | None
    collection_effectiveness: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTime:
    """Of the invoices due in a period, those that payments had settled by the due date agreed last; minor units.

    By value: what was paid by the due date of what was asked for (gross less credit notes). Unpaid invoices count in
    the denominators. Percent with two decimals.
    """

    currency: str
    invoices_due: int
    invoices_on_time: int
    value_due: int
    value_on_time: int

    @property
    def share_by_count(self) -> Decimal | None:
        return ratio(100 * self.invoices_on_time, self.invoices_due)

    @property
    def share_by_value(self) -> Decimal | None:
        return ratio(100 * self.value_on_time, self.value_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class _DaySales:
    currency: str
    day: date
    amount: int


def measures(
    connection: Connection, organization_id: str, *, since: date, until: date, known_at: datetime | None = None
) -> tuple[Measures, ...]:
    """The DSO family of a period, from what was recorded by `known_at` (None: all that is known now), by currency."""
    arguments = {"organization_id": organization_id, "until": until, "known_at": known_at}
    sales: dict[str, dict[date, int]] = {}
    for one in fetch(connection, _DaySales, _SALES, arguments):
        sales.setdefault(one.currency, {})[one.day] = one.amount
    opening = _totals(connection, organization_id, since - timedelta(days=1), known_at)
    closing = _totals(connection, organization_id, until, known_at)
    return tuple(
        measured(currency, sales.get(currency, {}), opening.get(currency), closing.get(currency), since, until)
        for currency in sorted({*sales, *opening, *closing})
    )


def on_time(connection: Connection, organization_id: str, *, since: date, until: date) -> list[OnTime]:
    """Invoices due in the period; it must have passed by `until`, or what is not due yet would look late."""
    arguments = {"organization_id": organization_id, "since": since, "until": until}
    return fetch(connection, OnTime, _ON_TIME, arguments)


def measured(
    currency: str,
    sales: Mapping[date, int],
    opening: AgingRow | None,
    closing: AgingRow | None,
    since: date,
    until: date,
) -> Measures:
    """The formulas, on sales by day and what ageing says before the period and at its end."""
    days = (until - since).days + 1
    sold = sum(amount for day, amount in sales.items() if since <= day <= until)
    before = opening.balance if opening else 0
    after, not_due = (closing.balance, closing.not_due) if closing else (0, 0)
    dso, best = ratio(after * days, sold), ratio(not_due * days, sold)
    return Measures(
        currency=currency,
        days=days,
        sales=sold,
        opening_receivable=before,
        closing_receivable=after,
        closing_not_due=not_due,
        dso=dso,
        dso_countback=countback(sales, after, until),
        best_possible_dso=best,
        average_days_delinquent=None if dso is None or best is None else dso - best,
        collection_effectiveness=ratio(100 * (before + sold - after), before + sold - not_due),
    )


def countback(sales: Mapping[date, int], receivable: int, until: date) -> Decimal | None:
    """Days of sales, counted back from `until`, that the receivable holds; None when all sales ever are not enough.

    A day on which more was credited than invoiced takes nothing back.
    """
    left = receivable
    if left <= 0:
        return Decimal("0.00") if any(amount > 0 for amount in sales.values()) else None
    for day in sorted(sales, reverse=True):
        amount = sales[day]
        if day > until or amount <= 0:
            continue
        if amount >= left:
            return ratio((until - day).days * amount + left, amount)
        left -= amount
    return None


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """The quotient with two decimals, half away from zero; None unless the denominator is positive."""
    if denominator <= 0:
        return None
    with localcontext() as context:
        context.prec = 60
        return (Decimal(numerator) / denominator).quantize(_CENTS, ROUND_HALF_UP)


def _totals(
    connection: Connection, organization_id: str, as_of: date, known_at: datetime | None
) -> dict[str, AgingRow]:
    report = aging(connection, organization_id, as_of, known_at, by="currency")
    return {row.currency: row for row in report.rows}
