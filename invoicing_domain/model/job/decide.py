"""Deciding about jobs. The worker that applies a decision looks again: a job that went on meanwhile is left alone."""

from typing import Final

from invoicing_domain.model.job.commands import CancelJob, DecideJob, JobCommand, JobStatus, RetryJob, SeenJob
from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobFact, JobRetried
from invoicing_domain.model.refusal import Refusal

_MAY_BE_RETRIED: Final[frozenset[JobStatus]] = frozenset({"dead", "cancelled"})
_MAY_BE_CANCELLED: Final[frozenset[JobStatus]] = frozenset({"ready", "in_doubt", "dead"})


def about(command: JobCommand) -> tuple[JobFact, ...]:
    match command:
        case RetryJob():
            return retry(command)
        case CancelJob():
            return cancel(command)
        case DecideJob():
            return decide(command)


def retry(command: RetryJob) -> tuple[JobRetried, ...]:
    _check_reason(command.reason)
    seen = command.seen
    if seen.status == "in_doubt":
        raise Refusal("job_in_doubt", "nobody knows whether this went out: decide that first")
    if seen.status not in _MAY_BE_RETRIED:
        raise _unfit("retried", seen)
    return (
        JobRetried(
            reference=seen.reference, effect_key=seen.effect_key, attempt=seen.attempt, reason=command.reason.strip()
        ),
    )


def cancel(command: CancelJob) -> tuple[JobCancelled, ...]:
    _check_reason(command.reason)
    seen = command.seen
    if seen.status not in _MAY_BE_CANCELLED:
        raise _unfit("cancelled", seen)
    return (
        JobCancelled(
            reference=seen.reference, effect_key=seen.effect_key, attempt=seen.attempt, reason=command.reason.strip()
        ),
    )


def decide(command: DecideJob) -> tuple[JobDecided, ...]:
    _check_reason(command.reason)
    seen = command.seen
    if seen.status != "in_doubt":
        raise Refusal("job_not_in_doubt", f"there is no doubt about this job: it is {seen.status}")
    return (
        JobDecided(
            reference=seen.reference,
            effect_key=seen.effect_key,
            attempt=seen.attempt,
            went_out=command.went_out,
            reason=command.reason.strip(),
        ),
    )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("reason_missing", "say why (reason)")


def _unfit(what: str, seen: SeenJob) -> Refusal:
    return Refusal("job_status_unfit", f"a job that is {seen.status} cannot be {what}", status=seen.status)
