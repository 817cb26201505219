"""Reading receivables as of a date, as known at an instant: the ageing report and what a customer owes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from psycopg import sql

from projections.rows import Connection, fetch

# What was settled for good by the date, and known to be, adds up to nothing and is passed over; a document whose
# movements all count by then stands with their sum; only what moved since is added up anew. Buckets by days after the
# due date that was agreed by then, judged on the as-of date: due that day is not overdue (0). Documents that were open
# on a past day are few, which the planner does not know: it would add up all movements, were it not document by
# document.
_AGING: Final = """
WITH worth AS (
    SELECT document_id, kind, customer_id, customer_name, currency, due_date, agreed_due_date, first_recorded,
        balance_minor::numeric AS amount
    FROM read.receivable_document
    WHERE organization_id = %(organization_id)s::uuid AND balance_minor <> 0 AND last_effective <= %(as_of)s
      AND (%(known_at)s::timestamptz IS NULL OR last_recorded <= %(known_at)s) {customer}
    UNION ALL
    SELECT d.document_id, d.kind, d.customer_id, d.customer_name, d.currency, d.due_date, d.agreed_due_date,
        d.first_recorded, moved.amount
    FROM read.receivable_document d
    CROSS JOIN LATERAL (SELECT sum(m.amount_minor) AS amount FROM read.receivable_movement m
        WHERE m.subject_id = d.document_id AND m.effective_date <= %(as_of)s
          AND (%(known_at)s::timestamptz IS NULL OR m.recorded_at <= %(known_at)s)) moved
    WHERE d.organization_id = %(organization_id)s::uuid AND d.first_effective <= %(as_of)s
      AND (d.last_effective > %(as_of)s OR d.last_recorded > %(known_at)s::timestamptz)
      AND (%(known_at)s::timestamptz IS NULL OR d.first_recorded <= %(known_at)s) {customer_of_document}
      AND moved.amount <> 0
), aged AS MATERIALIZED (
    SELECT w.customer_id, w.customer_name, w.currency, w.first_recorded, w.amount,
        CASE WHEN w.kind <> 'invoice' THEN 'unapplied'
             WHEN a.days <= 0 THEN 'not_due'
             WHEN a.days <= 30 THEN 'days_1_30'
             WHEN a.days <= 60 THEN 'days_31_60'
             WHEN a.days <= 90 THEN 'days_61_90'
             ELSE 'days_91_plus' END AS bucket
    FROM worth w
    CROSS JOIN LATERAL (SELECT %(as_of)s - CASE WHEN w.agreed_due_date IS NULL THEN w.due_date ELSE coalesce((
        SELECT g.due_date FROM read.receivable_movement g
        WHERE g.subject_id = w.document_id AND g.kind = 'due_date'
          AND g.effective_date <= %(as_of)s AND (%(known_at)s::timestamptz IS NULL OR g.recorded_at <= %(known_at)s)
        ORDER BY g.position DESC LIMIT 1), w.due_date) END AS days) a
)
SELECT customer_id,
    (array_agg(customer_name ORDER BY first_recorded DESC, customer_name))[1] AS customer_name, currency,
    coalesce(sum(amount) FILTER (WHERE bucket = 'not_due'), 0)::bigint AS not_due,
    coalesce(sum(amount) FILTER (WHERE bucket = 'days_1_30'), 0)::bigint AS days_1_30,
    coalesce(sum(amount) FILTER (WHERE bucket = 'days_31_60'), 0)::bigint AS days_31_60,
    coalesce(sum(amount) FILTER (WHERE bucket = 'days_61_90'), 0)::bigint AS days_61_90,
    coalesce(sum(amount) FILTER (WHERE bucket = 'days_91_plus'), 0)::bigint AS days_91_plus,
    coalesce(sum(amount) FILTER (WHERE bucket = 'unapplied'), 0)::bigint AS unapplied
FROM aged GROUP BY customer_id, currency ORDER BY customer_name, customer_id, currency
"""
_DOCUMENTS: Final = sql.SQL(
    "SELECT kind, count(*) AS count, max(issued_on) AS newest FROM read.receivable_document"
    " WHERE organization_id = %(organization_id)s::uuid AND customer_id = %(customer_id)s"
    " AND kind IN ('invoice', 'credit_note') GROUP BY kind ORDER BY kind DESC"
)
_AGING_OF_ALL: Final = sql.SQL(_AGING).format(customer=sql.SQL(""), customer_of_document=sql.SQL(""))
_AGING_OF_ONE: Final = sql.SQL(_AGING).format(
    customer=sql.SQL("AND customer_id = %(customer_id)s"),
    customer_of_document=sql.SQL("AND d.customer_id = %(customer_id)s"),
)

_CUSTOMER: Final = sql.SQL("""
SELECT currency,
    coalesce(sum(balance_minor) FILTER (WHERE kind = 'invoice'), 0)::bigint AS open_invoices,
    coalesce(-sum(balance_minor) FILTER (WHERE kind <> 'invoice'), 0)::bigint AS credit
FROM read.receivable_document
WHERE organization_id = %(organization_id)s::uuid AND customer_id = %(customer_id)s
GROUP BY currency ORDER BY currency
""")


_CUSTOMERS: Final = sql.SQL("""
SELECT customer_id, currency,
    coalesce(sum(balance_minor) FILTER (WHERE kind = 'invoice'), 0)::bigint AS open_invoices,
    coalesce(-sum(balance_minor) FILTER (WHERE kind <> 'invoice'), 0)::bigint AS credit
FROM read.receivable_document
WHERE organization_id = %(organization_id)s::uuid AND customer_id = ANY(%(customer_ids)s)
GROUP BY customer_id, currency ORDER BY customer_id, currency
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfCustomer:
    customer_id: str
    currency: str
    open_invoices: int
    credit: int


class AgingRow(NamedTuple):
    """What is owed in one currency, by one customer (None: by all), in minor units; `unapplied` is negative."""

    customer_id: str | None
    customer_name: str | None
    currency: str
    not_due: int
    days_1_30: int
    days_31_60: int
    days_61_90: int
    days_91_plus: int
    unapplied: int

    @property
    def balance(self) -> int:
        """The sum of all columns before it, always."""
        return sum(self[3:])


BUCKETS: Final = AgingRow._fields[3:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging:
    """The ageing report: rows by customer and currency (or by currency alone), and totals per currency."""

    as_of: date
    known_at: datetime | None
    rows: tuple[AgingRow, ...]
    totals: tuple[AgingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBalance:
    """What a customer owes on invoices in a currency, and what the house holds for it; minor units, both positive."""

    currency: str
    open_invoices: int
    credit: int

    @property
    def balance(self) -> int:
        return self.open_invoices - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The documents by law that were made out to a customer: `kind` is invoice or credit_note."""

    kind: str
    count: int
    newest: date


def aging(
    connection: Connection,
    organization_id: str,
    as_of: date,
    known_at: datetime | None = None,
    by: Literal["customer", "currency"] = "customer",
    customer_id: str | None = None,
) -> Aging:
    """Receivables effective by `as_of`, from what was recorded by `known_at` (None: all that is known now).

    Of one customer when one is named. Its name is as on the newest of the documents that were open then.
    """
    query = _AGING_OF_ALL if customer_id is None else _AGING_OF_ONE
    arguments = {"organization_id": organization_id, "as_of": as_of, "known_at": known_at, "customer_id": customer_id}
    rows = tuple(fetch(connection, AgingRow, query, arguments))
    totals = _totals(rows)
    return Aging(as_of=as_of, known_at=known_at, rows=rows if by == "customer" else totals, totals=totals)


def customer_balance(connection: Connection, organization_id: str, customer_id: str) -> list[CustomerBalance]:
    """What a customer owes now, per currency."""
    arguments = {"organization_id": organization_id, "customer_id": customer_id}
    return fetch(connection, CustomerBalance, _CUSTOMER, arguments)


def customer_balances(
    connection: Connection, organization_id: str, customer_ids: Sequence[str]
) -> dict[str, list[CustomerBalance]]:
    """The same for many customers at once, by id; those who never moved anything are absent."""
    arguments = {"organization_id": organization_id, "customer_ids": list(customer_ids)}
    found: dict[str, list[CustomerBalance]] = {}
    for row in fetch(connection, _OfCustomer, _CUSTOMERS, arguments):
        balance = CustomerBalance(currency=row.currency, open_invoices=row.open_invoices, credit=row.credit)
        found.setdefault(row.customer_id, []).append(balance)
    return found


def documents_of(connection: Connection, organization_id: str, customer_id: str) -> list[Documents]:
    """How many documents by law name a customer, by kind, and when the newest was issued."""
    arguments = {"organization_id": organization_id, "customer_id": customer_id}
    return fetch(connection, Documents, _DOCUMENTS, arguments)


def _totals(rows: Iterable[AgingRow]) -> tuple[AgingRow, ...]:
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        into = sums.setdefault(row.currency, dict.fromkeys(BUCKETS, 0))
        for name in BUCKETS:
            into[name] += getattr(row, name)
    return tuple(
        AgingRow(customer_id=None, customer_name=None, currency=currency, **buckets)
        for currency, buckets in sorted(sums.items())
    )
