"""What people decided about a job of the workers; who did, and when, stands in the envelope."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRetried:
    """A job that was dead or cancelled is to be tried again; `attempt` is the last one that was seen."""

    reference: int
    effect_key: str
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCancelled:
    """Nothing goes out any more."""

    reference: int
    effect_key: str
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDecided:
    """Somebody found out whether a job in doubt took effect: `went_out`, or it is to be done after all."""

    reference: int
    effect_key: str
    attempt: int
    went_out: bool
    reason: str


JobFact = JobRetried | JobCancelled | JobDecided
