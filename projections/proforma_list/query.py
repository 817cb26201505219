"""Reading proformas."""

from typing import Final

from psycopg import sql

from invoicing_domain.model.proforma.state import Proforma
from projections.pages import Listed, Page, page_of_states
from projections.rows import Connection

_SELECT: Final = sql.SQL("SELECT proforma_id AS stream_id, reference, state, version, position FROM read.proforma_list")
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_OF_STATUS: Final = sql.SQL("status = %(status)s")
_OF_CUSTOMER: Final = sql.SQL("customer_id = %(customer_id)s")


def list_proformas(
    connection: Connection,
    organization_id: str,
    *,
    status: str | None = None,
    customer_id: str | None = None,
    sort: str = "-reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[Listed[Proforma]]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    if status is not None:
        conditions.append(_OF_STATUS)
        arguments["status"] = status
    if customer_id is not None:
        conditions.append(_OF_CUSTOMER)
        arguments["customer_id"] = customer_id
    return page_of_states(connection, Proforma, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after)
