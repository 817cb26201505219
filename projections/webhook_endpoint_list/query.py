"""Reading webhook endpoints."""

from typing import Final

from psycopg import sql

from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from projections.pages import Listed, Page, page_of_states
from projections.rows import Connection

_SELECT: Final = sql.SQL(
    "SELECT endpoint_id AS stream_id, reference, state, version, position FROM read.webhook_endpoint_list"
)
_LIVING: Final = sql.SQL("organization_id = %(organization_id)s::uuid AND status <> 'removed'")


def list_endpoints(
    connection: Connection, organization_id: str, *, limit: int = 25, after: str | None = None
) -> Page[Listed[WebhookEndpoint]]:
    """The newest first, without those that were removed."""
    return page_of_states(
        connection,
        WebhookEndpoint,
        _SELECT,
        [_LIVING],
        {"organization_id": organization_id},
        sort="-reference",
        limit=limit,
        after=after,
    )
