"""What one may ask of a job, as it was seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from invoicing_domain.model.identity import StreamId

JobStatus = Literal["ready", "sending", "sent", "in_doubt", "dead", "cancelled", "withdrawn"]

Decision = Literal["retry", "cancel", "went_out", "not_sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJob:
    """A job as it stood in the table when somebody decided about it."""

    reference: int
    effect_key: str
    status: JobStatus
    attempt: int
    changed_at: datetime
    """Since when it stood like that: what tells the same job seen twice from a job that came back to where it was."""


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


JobCommand = RetryJob | CancelJob | DecideJob


def command_of(decision: Decision, job_id: StreamId, seen: SeenJob, reason: str) -> JobCommand:
    match decision:
        case "retry":
            return RetryJob(job_id=job_id, seen=seen, reason=reason)
        case "cancel":
            return CancelJob(job_id=job_id, seen=seen, reason=reason)
        case _:
            return DecideJob(job_id=job_id, seen=seen, went_out=decision == "went_out", reason=reason)
