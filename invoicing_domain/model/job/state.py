"""The last decision about a job; how the job stands is in the table of the workers."""

from dataclasses import dataclass

from invoicing_domain.model.job.events import JobFact


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedJob:
    reference: int
    attempt: int


def evolve(_: DecidedJob | None, fact: JobFact) -> DecidedJob:
    return DecidedJob(reference=fact.reference, attempt=fact.attempt)
