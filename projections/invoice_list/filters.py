"""What one may ask of the invoice list, as SQL conditions with bound parameters."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Final

from psycopg import sql

from projections.matching import Matching
from projections.rows import fixed

NUMBER: Final = sql.SQL("(CASE WHEN number IS NULL THEN '' ELSE number END)")
ISSUE_DATE: Final = sql.SQL("(CASE WHEN issue_date IS NULL THEN '9999-12-31' ELSE issue_date END)")
DUE_DATE: Final = sql.SQL("(CASE WHEN due_date IS NULL THEN '9999-12-31' ELSE due_date END)")
"""Keys as indexes have them, to sort and to filter by: drafts without a number come first, without a date last."""

BY_TIME: Final = frozenset({"reference", "created_at", "number", "issue_date", "due_date"})
"""Sorts in whose order references grow, by and large."""

_OPEN: Final = sql.SQL("phase = 'sent' AND balance > 0 AND NOT cancelled AND NOT credited_in_full")

_STATUS: Final[dict[str, sql.SQL]] = {
    "draft": sql.SQL("phase = 'draft'"),
    "discarded": sql.SQL("phase = 'discarded'"),
    "cancelled": sql.SQL("phase = 'sent' AND (cancelled OR credited_in_full) AND cancelled"),
    "credited": sql.SQL("phase = 'sent' AND (cancelled OR credited_in_full) AND NOT cancelled"),
    "paid": sql.SQL("phase = 'sent' AND NOT cancelled AND NOT credited_in_full AND balance <= 0"),
    "partially_paid": sql.SQL("(paid <> 0 OR credited <> 0)"),
    "overdue": sql.SQL("paid = 0 AND credited = 0 AND {due} < %(today)s"),
    "sent": sql.SQL("paid = 0 AND credited = 0 AND {due} >= %(today)s"),
}
"""The same rule as the domain's `status_of`, word by word and in conditions that the planner can judge; the last three
are about what is open. A test holds the two together."""

_OVERDUE: Final = sql.SQL("(phase = 'sent' AND balance > 0 AND NOT credited_in_full AND {due} < %(today)s)")

MILLS: Final = 3
_BIGGEST: Final = 2**63 - 1
_NOT_GIVEN: Final = (None, ())

_AMONG_OPEN: Final = {"sent", "overdue", "partially_paid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """Conditions that all hold; the default lets everything through but discarded drafts.

    `status`: any of these words. `total_min`, `total_max`: gross in major units of the invoice's own currency.
    `overdue`: something is left to pay after the due date, part-paid or not. `ids`: these and no others.
    `matching`: words in the read model of searching, when too many invoices have them to name.
    `names`: customers' names as `customer_name` sorts by them.
    """

    status: tuple[str, ...] = ()
    customer_id: str | None = None
    number: str | None = None
    currency: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    total_min: Decimal | None = None
    total_max: Decimal | None = None
    overdue: bool | None = None
    efactura_status: str | None = None
    order_id: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    ids: tuple[str, ...] = field(default=())
    matching: Matching | None = None
    names: tuple[str, ...] = ()
    tag: str | None = None
    """One of the words that clients of the old dialect put into `tags`, in any case."""


_OF_GIVEN: Final[dict[str, sql.Composable]] = {
    "customer_id": sql.SQL("customer_id = %(customer_id)s"),
    "number": sql.SQL("number = %(number)s AND {} = %(number)s").format(NUMBER),
    "currency": sql.SQL("currency = %(currency)s"),
    "issued_from": sql.SQL("issue_date IS NOT NULL AND {} >= %(issued_from)s").format(ISSUE_DATE),
    "issued_to": sql.SQL("issue_date IS NOT NULL AND {} <= %(issued_to)s").format(ISSUE_DATE),
    "due_from": sql.SQL("due_date IS NOT NULL AND {} >= %(due_from)s").format(DUE_DATE),
    "due_to": sql.SQL("due_date IS NOT NULL AND {} <= %(due_to)s").format(DUE_DATE),
    "total_min": sql.SQL("gross_mills >= %(total_min)s"),
    "total_max": sql.SQL("gross_mills <= %(total_max)s"),
    "efactura_status": sql.SQL("efactura_status = %(efactura_status)s"),
    "order_id": sql.SQL("order_id = %(order_id)s"),
    "created_from": sql.SQL("created_at >= %(created_from)s"),
    "created_before": sql.SQL("created_at < %(created_before)s"),
    "tag": sql.SQL(
        "metadata ? 'seed.tags' AND lower(%(tag)s) = ANY(regexp_split_to_array(lower(metadata->>'seed.tags'), ' *, *'))"
    ),
    "ids": sql.SQL("invoice_id = ANY(%(ids)s::uuid[])"),
    "matching": sql.SQL(
        "invoice_id IN (SELECT read.invoices_with(%(organization_id)s::uuid, %(matching)s::tsquery, 2147483647, false))"
    ),
    "names": sql.SQL("customer_key = ANY(%(names)s)"),
}


def where(organization_id: str, wanted: InvoiceFilter, today: date, first: str) -> tuple[sql.SQL, dict[str, object]]:
    """The WHERE clause and its parameters, for an order whose first key is `first`."""
    given = {name: value for name in _OF_GIVEN if (value := getattr(wanted, name)) not in _NOT_GIVEN}
    arguments: dict[str, object] = {"organization_id": organization_id, "today": today}
    arguments |= {name: _argument(name, value) for name, value in given.items()}
    return _clause(tuple(given), wanted.status, wanted.overdue, first in BY_TIME), arguments


@lru_cache(maxsize=512)
def _clause(given: tuple[str, ...], words: tuple[str, ...], overdue: bool | None, by_time: bool) -> sql.SQL:
    """The text for all questions of one shape, put together once."""
    conditions: list[sql.Composable] = [sql.SQL("organization_id = %(organization_id)s::uuid")]
    conditions += [_OF_GIVEN[name] for name in given]
    conditions += _status_conditions(words, overdue, _due(by_time))
    return fixed(sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(conditions)))


def _argument(name: str, value: object) -> object:
    if isinstance(value, Decimal):  # an amount in major units: in thousandths, which no currency goes below
        exact = value.scaleb(MILLS).to_integral_value(ROUND_CEILING if name == "total_min" else ROUND_FLOOR)
        return max(min(int(exact), _BIGGEST), -_BIGGEST)
    if isinstance(value, Matching):
        return value.anywhere
    if isinstance(value, tuple):
        return list(value)
    return value.replace("\x00", "") if isinstance(value, str) else value


def _due(by_time: bool) -> sql.SQL:
    """The due date as it stands behind the keys of orders in which the other side of today may come first, all of it.

    In the others the planner would take what is due for few, and sort them.
    """
    return DUE_DATE if by_time else sql.SQL("due_date")


def _status_conditions(words: tuple[str, ...], overdue: bool | None, due: sql.SQL) -> list[sql.Composable]:
    conditions: list[sql.Composable] = [_any_of(words, due) if words else sql.SQL("phase <> 'discarded'")]
    if overdue is not None:
        late = _OVERDUE.format(due=due)
        conditions.append(late if overdue else sql.SQL("({}) IS NOT TRUE").format(late))
    return conditions


def _any_of(words: tuple[str, ...], due: sql.SQL) -> sql.Composable:
    """One of these statuses; what is common to all of them stands outside, where an index sees it."""
    known = {word: _STATUS[word].format(due=due) for word in words if word in _STATUS}
    if not known:
        return sql.SQL("false")
    if set(known) <= _AMONG_OPEN:
        among = sql.SQL(" OR ").join([sql.SQL("({})").format(one) for one in known.values()])
        return sql.SQL("{} AND ({})").format(_OPEN, among)
    each = [
        sql.SQL("({} AND {})").format(_OPEN, one) if word in _AMONG_OPEN else sql.SQL("({})").format(one)
        for word, one in known.items()
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(each))
