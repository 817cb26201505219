"""Jobs of an organization, for people: all but where a letter went, which only the fact says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from invoicing_domain.model.job.commands import JobStatus
from projections.rows import Connection, fetch, fetch_one

_COLUMNS: Final = (
    "id, organization_id, queue, effect_key, destination, status, attempt, max_attempts, run_at, expires_at,"
    " created_at, changed_at, outcome ->> 'reason' AS reason, outcome ->> 'answer' AS answer"
)
_LIST: Final = (
    "SELECT " + _COLUMNS + " FROM work.job WHERE organization_id = %(organization_id)s::uuid"
    " AND (%(status)s::text IS NULL OR status = %(status)s) AND (%(queue)s::text IS NULL OR queue = %(queue)s)"
    " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s"
)
_FIND: Final = "SELECT " + _COLUMNS + " FROM work.job WHERE organization_id = %(organization_id)s::uuid AND id = %(id)s"
_ATTEMPTS: Final = (
    "SELECT attempt, started_at, ended_at, answer ->> 'status' AS status,"
    " coalesce(answer ->> 'reason', answer ->> 'answer') AS answer FROM work.attempt"
    " WHERE organization_id = %(organization_id)s::uuid AND job_id = %(id)s ORDER BY attempt DESC LIMIT 100"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    id: int
    organization_id: str
    queue: str
    effect_key: str
    destination: str
    status: JobStatus
    attempt: int
    max_attempts: int
    run_at: datetime | None
    expires_at: datetime
    created_at: datetime
    changed_at: datetime
    reason: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    attempt: int
    started_at: datetime
    ended_at: datetime | None
    status: str | None
    answer: str | None


def list_jobs(
    connection: Connection,
    organization_id: str,
    *,
    status: JobStatus | None = None,
    queue: str | None = None,
    before: int | None = None,
    limit: int = 25,
) -> list[JobRow]:
    """Newest first, those older than `before`."""
    arguments = {
        "organization_id": organization_id,
        "status": status,
        "queue": queue,
        "before": before,
        "limit": limit,
    }
    return fetch(connection, JobRow, _LIST, arguments)


def find(connection: Connection, organization_id: str, reference: int) -> JobRow | None:
    return fetch_one(connection, JobRow, _FIND, {"organization_id": organization_id, "id": reference})


def attempts(connection: Connection, organization_id: str, reference: int) -> list[AttemptRow]:
    """What was tried, latest first, at most a hundred."""
    return fetch(connection, AttemptRow, _ATTEMPTS, {"organization_id": organization_id, "id": reference})
