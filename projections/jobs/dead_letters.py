"""Dead letters of Kafka, for the operator: those of all organizations, and those that name none."""

from dataclasses import dataclass
from typing import Final

from invoicing_domain.model.job.commands import JobStatus
from projections.jobs.query import COLUMNS, JobRow
from projections.rows import Connection, fetch, fetch_one

_SELECT: Final = (
    "SELECT " + COLUMNS + ", payload ->> 'origin' AS origin, (payload ->> 'partition')::integer AS partition,"
    " (payload ->> 'offset')::bigint AS \"offset\" FROM work.job WHERE queue = 'dead-letters'"
)
_LIST: Final = (
    _SELECT + " AND (%(status)s::text IS NULL OR status = %(status)s)"
    " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s"
)
_FIND: Final = _SELECT + " AND id = %(id)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow(JobRow):
    """`origin`: where the message died; `partition` and `offset`: where it lies in the topic of dead letters."""

    origin: str
    partition: int
    offset: int


def list_letters(
    connection: Connection, *, status: JobStatus | None = None, before: int | None = None, limit: int = 25
) -> list[LetterRow]:
    """Newest first, those older than `before`."""
    return fetch(connection, LetterRow, _LIST, {"status": status, "before": before, "limit": limit})


def find_letter(connection: Connection, number: int) -> LetterRow | None:
    return fetch_one(connection, LetterRow, _FIND, {"id": number})
