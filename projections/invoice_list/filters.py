"""What one may ask of the invoice list, as SQL conditions with bound parameters."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from psycopg import sql

from projections.rows import like_anywhere
from projections.text import searchable

STATUS: Final = sql.SQL(
    "CASE WHEN phase <> 'sent' THEN phase WHEN cancelled THEN 'cancelled' WHEN credited_in_full THEN 'credited'"
    " WHEN balance <= 0 THEN 'paid'"
    " WHEN paid <> 0 OR credited <> 0 THEN 'partially_paid' WHEN due_date < %(today)s THEN 'overdue' ELSE 'sent' END"
)
"""The same rule as the domain's `status_of`; a test holds the two together."""

OVERDUE: Final = sql.SQL("(phase = 'sent' AND balance > 0 AND NOT credited_in_full AND due_date < %(today)s)")

_UNSENT_OR_OPEN: Final = {"sent", "overdue", "partially_paid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """Conditions that all hold; the default lets everything through but discarded drafts.

    `status`: any of these words. `q`: every word occurs somewhere in the invoice. `total_min`, `total_max`: gross in
    major units of the invoice's own currency. `overdue`: something is left to pay after the due date, part-paid or not.
    """

    status: tuple[str, ...] = ()
    customer_id: str | None = None
    q: str | None = None
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


_SIMPLE: Final[dict[str, sql.SQL]] = {
    "customer_id": sql.SQL("customer_id = %(customer_id)s"),
    "number": sql.SQL("number = %(number)s"),
    "currency": sql.SQL("currency = %(currency)s"),
    "issued_from": sql.SQL("issue_date >= %(issued_from)s"),
    "issued_to": sql.SQL("issue_date <= %(issued_to)s"),
    "due_from": sql.SQL("due_date >= %(due_from)s"),
    "due_to": sql.SQL("due_date <= %(due_to)s"),
    "total_min": sql.SQL("read.major(gross, currency) >= %(total_min)s"),
    "total_max": sql.SQL("read.major(gross, currency) <= %(total_max)s"),
    "efactura_status": sql.SQL("efactura_status = %(efactura_status)s"),
    "order_id": sql.SQL("order_id = %(order_id)s"),
    "created_from": sql.SQL("created_at >= %(created_from)s"),
    "created_before": sql.SQL("created_at < %(created_before)s"),
}


def where(organization_id: str, wanted: InvoiceFilter, today: date) -> tuple[sql.Composed, dict[str, object]]:
    """The WHERE clause and its parameters."""
    arguments: dict[str, object] = {"organization_id": organization_id, "today": today}
    conditions: list[sql.Composable] = [sql.SQL("organization_id = %(organization_id)s::uuid")]
    for name, condition in _SIMPLE.items():
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(condition)
            arguments[name] = value.replace("\x00", "") if isinstance(value, str) else value
    if wanted.ids:
        conditions.append(sql.SQL("invoice_id = ANY(%(ids)s::uuid[])"))
        arguments["ids"] = list(wanted.ids)
    conditions += _status_conditions(wanted, arguments)
    if wanted.q and (words := searchable(wanted.q.replace("\x00", " ")).split()):
        conditions.append(sql.SQL("search_text LIKE ALL(%(words)s)"))
        arguments["words"] = [like_anywhere(word) for word in words]
    return sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(conditions)), arguments


def _status_conditions(wanted: InvoiceFilter, arguments: dict[str, object]) -> list[sql.Composable]:
    conditions: list[sql.Composable] = []
    if wanted.status:
        arguments["status"] = list(wanted.status)
        conditions.append(sql.SQL("{} = ANY(%(status)s)").format(STATUS))
        if set(wanted.status) <= _UNSENT_OR_OPEN:
            conditions.append(sql.SQL("phase = 'sent' AND balance > 0"))  # for the index; says nothing new
    else:
        conditions.append(sql.SQL("phase <> 'discarded'"))
    if wanted.overdue is not None:
        conditions.append(OVERDUE if wanted.overdue else sql.SQL("({}) IS NOT TRUE").format(OVERDUE))
    return conditions
