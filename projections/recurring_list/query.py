"""Reading recurring invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import sql

from invoicing_domain.model.recurring.state import RecurringInvoice
from projections.pages import Listed, Page, page_of_states
from projections.rows import Connection, fetch

_SELECT: Final = sql.SQL(
    "SELECT recurring_id AS stream_id, reference, state, version, position FROM read.recurring_list"
)
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_OF_STATUS: Final = sql.SQL("status = %(status)s")
_OF_CUSTOMER: Final = sql.SQL("customer_id = %(customer_id)s")


def list_recurring(
    connection: Connection,
    organization_id: str,
    *,
    status: str | None = None,
    customer_id: str | None = None,
    sort: str = "-reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[Listed[RecurringInvoice]]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    if status is not None:
        conditions.append(_OF_STATUS)
        arguments["status"] = status
    if customer_id is not None:
        conditions.append(_OF_CUSTOMER)
        arguments["customer_id"] = customer_id
    return page_of_states(
        connection, RecurringInvoice, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    recurring_id: str
    version: int


_DUE: Final = (
    "SELECT recurring_id, version FROM read.recurring_list"
    " WHERE organization_id = %(organization_id)s::uuid AND next_on <= %(today)s ORDER BY next_on, reference"
)


def due(connection: Connection, organization_id: str, today: date) -> list[Due]:
    """Schedules that looked due on a day, when their stream was at `version`. A hint: the ledger decides."""
    return fetch(connection, Due, _DUE, {"organization_id": organization_id, "today": today})
