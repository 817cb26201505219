"""Reading webhook endpoints."""

from dataclasses import dataclass
from typing import Final

from psycopg import sql

from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from projections.pages import Page, page_of
from projections.rows import Connection
from projections.webhook_endpoint_list.project import decode_state

_SELECT: Final = sql.SQL(
    "SELECT endpoint_id, reference, state AS state_json, version, position FROM read.webhook_endpoint_list"
)
_LIVING: Final = sql.SQL("organization_id = %(organization_id)s::uuid AND status <> 'removed'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    endpoint_id: str
    reference: int
    state_json: str
    version: int
    position: int

    @property
    def state(self) -> WebhookEndpoint:
        return decode_state(self.state_json)


def list_endpoints(
    connection: Connection, organization_id: str, *, limit: int = 25, after: str | None = None
) -> Page[Row]:
    """The newest first, without those that were removed."""
    arguments = {"organization_id": organization_id}
    return page_of(connection, Row, _SELECT, [_LIVING], arguments, sort="-reference", limit=limit, after=after)
