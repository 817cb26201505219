"""Jobs of an organization, for people: all but where a letter went, which only the fact says."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from invoicing_domain.model.job.commands import JobStatus, SeenJob
from projections.rows import Connection, fetch, fetch_one

COLUMNS: Final = (
    "id, organization_id, queue, effect_key, destination, status, attempt, max_attempts, run_at, expires_at,"
    " created_at, changed_at, outcome ->> 'reason' AS reason, outcome ->> 'answer' AS answer"
)
_FILTERED: Final = (
    " FROM work.job WHERE organization_id = %(organization_id)s::uuid"
    " AND (%(status)s::text IS NULL OR status = %(status)s) AND (%(queue)s::text IS NULL OR queue = %(queue)s)"
    " AND (%(since)s::timestamptz IS NULL OR changed_at >= %(since)s)"
    " AND (%(error)s::text IS NULL"
    "      OR position(lower(%(error)s) IN lower(concat_ws(' ', outcome ->> 'reason', outcome ->> 'answer'))) > 0)"
)
_NEWEST: Final = (
    "SELECT " + COLUMNS + _FILTERED + " AND (%(before)s::bigint IS NULL OR id < %(before)s)"
    " ORDER BY id DESC LIMIT %(limit)s"
)
_FOLLOWING: Final = "SELECT " + COLUMNS + _FILTERED + " AND id > %(after)s ORDER BY id LIMIT %(limit)s"
_COUNT: Final = "SELECT count(*) AS jobs FROM (SELECT" + _FILTERED + " AND id > %(after)s LIMIT %(most)s) found"
_FIND: Final = "SELECT " + COLUMNS + " FROM work.job WHERE organization_id = %(organization_id)s::uuid AND id = %(id)s"
_ATTEMPTS: Final = (
    "SELECT attempt, started_at, ended_at, answer ->> 'status' AS status,"
    " coalesce(answer ->> 'reason', answer ->> 'answer') AS answer FROM work.attempt"
    " WHERE organization_id = %(organization_id)s::uuid AND job_id = %(id)s ORDER BY attempt DESC LIMIT 100"
)

MOST_COUNTED: Final = 10_000
"""Who asks how many there are does not wait for the jobs of years to be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs: `since` they stand as they do, and `error` anywhere in what was said last, in capitals or not."""

    status: JobStatus | None = None
    queue: str | None = None
    since: datetime | None = None
    error: str | None = None


ALL: Final = JobFilter()


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

    @property
    def seen(self) -> SeenJob:
        """What a decision about it says that it stood like."""
        return SeenJob(
            reference=self.id,
            effect_key=self.effect_key,
            status=self.status,
            attempt=self.attempt,
            changed_at=self.changed_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    jobs: int


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
    wanted: JobFilter = ALL,
    *,
    before: int | None = None,
    limit: int = 25,
) -> list[JobRow]:
    """Newest first, those older than `before`."""
    arguments = _arguments(organization_id, wanted) | {"before": before, "limit": limit}
    return fetch(connection, JobRow, _NEWEST, arguments)


def following_jobs(
    connection: Connection, organization_id: str, wanted: JobFilter, *, after: int = 0, limit: int
) -> list[JobRow]:
    """Oldest first, those newer than `after`: for whoever goes through all of them, while they change behind him."""
    return fetch(connection, JobRow, _FOLLOWING, _arguments(organization_id, wanted) | {"after": after, "limit": limit})


def count_jobs(connection: Connection, organization_id: str, wanted: JobFilter, *, after: int = 0) -> int:
    """How many are newer than `after`; MOST_COUNTED stands for more, too."""
    arguments = _arguments(organization_id, wanted) | {"after": after, "most": MOST_COUNTED}
    (found,) = fetch(connection, _Count, _COUNT, arguments)
    return found.jobs


def _arguments(organization_id: str, wanted: JobFilter) -> dict[str, object]:
    return {"organization_id": organization_id, **asdict(wanted)}


def find(connection: Connection, organization_id: str, reference: int) -> JobRow | None:
    return fetch_one(connection, JobRow, _FIND, {"organization_id": organization_id, "id": reference})


def attempts(connection: Connection, organization_id: str, reference: int) -> list[AttemptRow]:
    """What was tried, latest first, at most a hundred."""
    return fetch(connection, AttemptRow, _ATTEMPTS, {"organization_id": organization_id, "id": reference})
