"""Who listens, in `work.webhook_endpoint`: what facts make of it, and how the endpoints do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from invoicing_domain.model.webhook_endpoint.events import (
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
)
from invoicing_domain.recording.envelope import Recorded
from workers.policies.webhooks import APART

_REGISTER: Final = """
INSERT INTO work.webhook_endpoint (endpoint_id, organization_id, events, is_active, position)
VALUES (%(endpoint_id)s, %(organization_id)s, %(events)s, true, %(position)s)
ON CONFLICT (endpoint_id) DO UPDATE SET events = excluded.events, is_active = true, position = excluded.position
"""
_CHANGE: Final = """
UPDATE work.webhook_endpoint SET events = %(events)s, position = %(position)s WHERE endpoint_id = %(endpoint_id)s
"""
_SILENCE: Final = """
UPDATE work.webhook_endpoint SET is_active = false, position = %(position)s WHERE endpoint_id = %(endpoint_id)s
"""
_LISTEN: Final = """
UPDATE work.webhook_endpoint SET is_active = true, failing_since = NULL, position = %(position)s
 WHERE endpoint_id = %(endpoint_id)s
"""
_ACTIVE: Final = """
SELECT endpoint_id::text, organization_id::text, events, position
  FROM work.webhook_endpoint WHERE is_active ORDER BY endpoint_id
"""
_FAILED: Final = """
UPDATE work.webhook_endpoint
   SET failing_since = CASE WHEN failed_at > %(now)s - %(apart)s THEN coalesce(failing_since, %(now)s) ELSE %(now)s END,
       failed_at = %(now)s
 WHERE endpoint_id = %(endpoint_id)s
RETURNING failing_since
"""
_WELL: Final = """
UPDATE work.webhook_endpoint SET failing_since = NULL
 WHERE endpoint_id = %(endpoint_id)s AND failing_since IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    endpoint_id: str
    organization_id: str
    events: list[str]
    position: int


def active(connection: Connection[Any]) -> list[Listener]:
    """All that are sent facts now, of every organization."""
    return connection.cursor(row_factory=class_row(Listener)).execute(_ACTIVE).fetchall()


def learn(connection: Connection[Any], recorded: Recorded) -> None:
    """What a fact changes about who listens; nothing, for most. The same fact again changes nothing more."""
    arguments: dict[str, Any] = {
        "endpoint_id": recorded.originator_id,
        "organization_id": recorded.meta.organization_id,
        "position": recorded.position,
    }
    match recorded.fact:
        case WebhookEndpointRegistered(subscription=subscription):
            connection.execute(_REGISTER, arguments | {"events": list(subscription.events)})
        case WebhookEndpointChanged(subscription=subscription):
            connection.execute(_CHANGE, arguments | {"events": list(subscription.events)})
        case WebhookEndpointEnabled():
            connection.execute(_LISTEN, arguments)
        case WebhookEndpointDisabled() | WebhookEndpointRemoved():
            connection.execute(_SILENCE, arguments)
        case _:
            pass


def failed(connection: Connection[Any], endpoint_id: str, now: datetime) -> datetime | None:
    """Since when an endpoint has failed, this time included; None for one that nobody knows."""
    cursor = connection.cursor(row_factory=tuple_row)
    row = cursor.execute(_FAILED, {"endpoint_id": endpoint_id, "now": now, "apart": APART}).fetchone()
    return None if row is None else cast("datetime", row[0])


def is_well(connection: Connection[Any], endpoint_id: str) -> None:
    connection.execute(_WELL, {"endpoint_id": endpoint_id})
