"""Deliveries to webhook endpoints, for people: the jobs of that queue, with every attempt and what was answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from invoicing_domain.model.job.commands import JobStatus
from projections.rows import Connection, fetch, fetch_one

_SELECT: Final = """
SELECT id, payload ->> 'event_id' AS event_id, payload ->> 'type' AS type, (payload ->> 'position')::bigint AS position,
       status, created_at, CASE WHEN status = 'ready' THEN run_at END AS next_attempt_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                            'attempt', a.attempt, 'started_at', a.started_at, 'ended_at', a.ended_at,
                            'status', a.answer ->> 'status', 'reason', a.answer ->> 'reason',
                            'response_status', a.answer -> 'response_status',
                            'response_body', a.answer ->> 'response_body') ORDER BY a.attempt)
                   FROM work.attempt a WHERE a.job_id = job.id), '[]') AS attempts_json
  FROM work.job
 WHERE organization_id = %(organization_id)s::uuid AND queue = 'webhooks'
   AND payload ->> 'endpoint_id' = %(endpoint_id)s
"""
_LIST: Final = _SELECT + " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s"
_FIND: Final = _SELECT + " AND id = %(id)s"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """`response_status` null: there was no answer, or none yet."""

    attempt: int
    started_at: datetime
    ended_at: datetime | None
    status: str | None
    reason: str | None
    response_status: int | None
    response_body: str | None


_attempts: Final = msgspec.json.Decoder(tuple[Attempt, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`position` of the fact; None for a test."""

    id: int
    event_id: str
    type: str
    position: int | None
    status: JobStatus
    created_at: datetime
    next_attempt_at: datetime | None
    attempts_json: str

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return _attempts.decode(self.attempts_json)


def list_deliveries(
    connection: Connection, organization_id: str, endpoint_id: str, *, before: int | None, limit: int
) -> list[Delivery]:
    """Newest first, those older than `before`."""
    arguments: dict[str, Any] = {"organization_id": organization_id, "endpoint_id": endpoint_id}
    return fetch(connection, Delivery, _LIST, arguments | {"before": before, "limit": limit})


def find_delivery(connection: Connection, organization_id: str, endpoint_id: str, delivery_id: int) -> Delivery | None:
    arguments = {"organization_id": organization_id, "endpoint_id": endpoint_id, "id": delivery_id}
    return fetch_one(connection, Delivery, _FIND, arguments)
