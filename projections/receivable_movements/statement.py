"""Statement of account: what happened between a customer and the house, in the order in which it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final, Literal

from psycopg import sql

from projections.rows import Connection, fetch

# One line per document, day and kind of change: what a payment moves from credit to an invoice cancels out and is no
# line, a payment that no or several invoices took is one. An invoice is shown with the due date that was agreed by the
# end and known then, by which the ageing report of that day judges it.
_LINES: Final = sql.SQL("""
WITH moved AS (
    SELECT currency, effective_date, document_id, document_number, amount_minor, position,
        CASE WHEN kind = 'invoice' THEN 'invoice'
             WHEN kind IN ('payment_reversed', 'unapplied_reversed') THEN 'payment_reversed'
             WHEN kind = 'unapplied_refunded' THEN 'refund'
             WHEN kind IN ('payment', 'payment_deallocated', 'unapplied_payment', 'unapplied_allocated',
                           'unapplied_deallocated') THEN 'payment'
             ELSE 'credit_note' END AS kind
    FROM read.receivable_movement
    WHERE organization_id = %(organization_id)s::uuid AND customer_id = %(customer_id)s AND amount_minor <> 0
      AND effective_date <= %(until)s AND (%(since)s::date IS NULL OR effective_date >= %(since)s)
      AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
), grouped AS (
    SELECT currency, effective_date, document_id, kind, max(document_number) AS number,
        sum(amount_minor)::bigint AS amount, min(position) AS position
    FROM moved GROUP BY currency, effective_date, document_id, kind HAVING sum(amount_minor) <> 0
)
SELECT g.currency, g.effective_date, g.document_id, g.kind, coalesce(g.number, d.number) AS number,
    CASE WHEN g.kind = 'invoice' THEN coalesce((
        SELECT m.due_date FROM read.receivable_movement m
        WHERE m.subject_id = g.document_id AND m.kind = 'due_date' AND m.effective_date <= %(until)s
          AND (%(known_at)s::timestamptz IS NULL OR m.recorded_at <= %(known_at)s)
        ORDER BY m.position DESC LIMIT 1), d.due_date) END AS due_date,
    g.amount, 0 AS balance
FROM grouped g LEFT JOIN read.receivable_document d USING (document_id)
ORDER BY g.currency, g.effective_date, g.position, g.kind
""")

_OPENING: Final = sql.SQL("""
SELECT currency, sum(amount_minor)::bigint AS amount FROM read.receivable_movement
WHERE organization_id = %(organization_id)s::uuid AND customer_id = %(customer_id)s AND effective_date < %(since)s
  AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
GROUP BY currency ORDER BY currency
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A change of what the customer owes, in minor units; `balance` is what it owes after it, less its credit."""

    currency: str
    effective_date: date
    document_id: str
    kind: Literal["invoice", "payment", "payment_reversed", "credit_note", "refund"]
    number: str | None
    due_date: date | None
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that happened in one currency: opening balance, lines, closing balance."""

    currency: str
    opening: int
    lines: tuple[StatementLine, ...]
    closing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    currency: str
    amount: int


def statement(
    connection: Connection,
    organization_id: str,
    customer_id: str,
    *,
    since: date | None,
    until: date,
    known_at: datetime | None = None,
) -> tuple[Account, ...]:
    """Accounts by currency, both days included; without `since` from the beginning. Empty when nothing ever moved."""
    arguments: dict[str, object] = {
        "organization_id": organization_id,
        "customer_id": customer_id,
        "since": since,
        "until": until,
        "known_at": known_at,
    }
    opening: dict[str, int] = {}
    if since is not None:
        opening = {one.currency: one.amount for one in fetch(connection, _Opening, _OPENING, arguments)}
    lines = fetch(connection, StatementLine, _LINES, arguments)
    return accounts(opening, lines)


def accounts(opening: Mapping[str, int], lines: Sequence[StatementLine]) -> tuple[Account, ...]:
    """Lines in the order of currency and time, with the balance that runs through them."""
    moved = {currency: tuple(group) for currency, group in groupby(lines, key=lambda line: line.currency)}
    return tuple(
        _account(currency, opening.get(currency, 0), moved.get(currency, ())) for currency in sorted({*opening, *moved})
    )


def _account(currency: str, opening: int, lines: Sequence[StatementLine]) -> Account:
    balance, ran = opening, []
    for line in lines:
        balance += line.amount
        ran.append(
            StatementLine(
                currency=line.currency,
                effective_date=line.effective_date,
                document_id=line.document_id,
                kind=line.kind,
                number=line.number,
                due_date=line.due_date,
                amount=line.amount,
                balance=balance,
            )
        )
    return Account(currency=currency, opening=opening, lines=tuple(ran), closing=balance)
