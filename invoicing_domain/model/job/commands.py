"""What one may ask of a job, as it was seen."""

from dataclasses import dataclass
from typing import Literal

from invoicing_domain.model.identity import StreamId

JobStatus = Literal["ready", "sending", "sent", "in_doubt", "dead", "cancelled", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJob:
    """A job as it stood in the table when somebody decided about it."""

    reference: int
    effect_key: str
    status: JobStatus
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryJob:
    job_id: StreamId
    seen: SeenJob
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob:
    job_id: StreamId
    seen: SeenJob
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideJob:
    job_id: StreamId
    seen: SeenJob
    went_out: bool
    reason: str
