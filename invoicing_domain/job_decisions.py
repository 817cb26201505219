"""Decisions about many jobs: each is a command, and so a fact, of its own.

The same decision about a job that stands as it was seen is recorded once, however often it is asked for: whoever was
cut off in the middle asks for everything again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from uuid import uuid4

from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job import decide
from invoicing_domain.model.job.commands import Decision, JobStatus, SeenJob, command_of
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.service import ClientKey, InvoicingService

MOST_AT_ONCE: Final = 100
"""So many are decided about while whoever asked waits: each is a transaction of its own."""

_NOTHING_TO_SAY: Final = (200, b"{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of the decision about one job; `replayed` when it had been recorded before."""

    job: SeenJob
    position: int = 0
    replayed: bool = False
    refusal: Refusal | None = None


def check(decision: Decision, status: JobStatus, reason: str, context: Context) -> None:
    """Raises the Refusal that every job of a status would meet."""
    any_job = SeenJob(reference=1, effect_key="", status=status, attempt=0, changed_at=context.at)
    decide.about(command_of(decision, stream_id("job", context.organization_id, any_job.reference), any_job, reason))


def decide_each(
    service: InvoicingService, decision: Decision, jobs: Iterable[SeenJob], reason: str, context: Context
) -> list[Decided]:
    """One result a job, in their order."""
    return [_decided(service, decision, job, reason, context) for job in jobs]


def _decided(service: InvoicingService, decision: Decision, job: SeenJob, reason: str, context: Context) -> Decided:
    job_id = stream_id("job", context.organization_id, job.reference)
    own = replace(context, command_id=str(uuid4()))
    try:
        outcome = service.execute(command_of(decision, job_id, job, reason), own, key=_key(decision, job))
    except Refusal as refusal:
        return Decided(job=job, refusal=refusal)
    return Decided(job=job, position=outcome.position, replayed=outcome.replayed)


def _key(decision: Decision, job: SeenJob) -> ClientKey:
    """The key of one decision about one job as it was seen. It has spaces, so that no client's key can be the same."""
    name = f"job {job.reference} {job.attempt} {job.changed_at.isoformat()} {decision}"
    return ClientKey(key=name, fingerprint=sha256(name.encode()).digest(), render=lambda _: _NOTHING_TO_SAY)
