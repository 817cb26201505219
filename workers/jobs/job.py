"""What a job is, what may come of an attempt, and what a handler promises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from invoicing_domain.model.job.commands import JobStatus
from workers.policies.backoff import MAX_AGE, MAX_ATTEMPTS

Status = JobStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An effect that somebody wants: its key follows from its cause, so that the same wish twice is one job."""

    effect_key: str
    organization_id: str
    queue: str
    lock_key: str
    destination: str
    payload: Mapping[str, Any]
    max_attempts: int = MAX_ATTEMPTS
    max_age: timedelta = MAX_AGE
    traceparent: str | None = None
    """The trace that its cause belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands in the book; one that was claimed carries the attempt that only its claimer may finish."""

    id: int
    effect_key: str
    organization_id: str
    queue: str
    destination: str
    payload: Mapping[str, Any]
    status: Status
    run_at: datetime | None
    attempt: int
    outcome: Mapping[str, Any] | None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The other side accepted; the outcome is what it said, for the fact that follows."""

    outcome: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Later:
    """Surely nothing went out: again after a pause. `wait` is how long the other side asked for, if it did."""

    reason: str
    wait: timedelta | None = None
    unreachable: bool = True
    """Whether the destination is to blame: several such answers in a row, and it is left alone for a while."""
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What the other side said, to be kept with the attempt, and not for the log."""


@dataclass(frozen=True, slots=True)
class Dead:
    """Refused for good: no attempt would be answered differently."""

    reason: str
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have gone out."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Its cause went away, and nothing went out. Wished again, it is ready again."""

    reason: str


Answer = Done | Later | Dead | Unknown | Unwanted


@dataclass(frozen=True, slots=True)
class Call:
    """The one thing that leaves the house; what goes wrong in it leaves a doubt behind.

    `intent` is what the fact will say of it. It is kept before the call is made, so that a person who finds out that it
    did go out, after its worker died, need not guess.
    """

    intent: Mapping[str, Any]
    make: Callable[[], Answer]


class Handler(Protocol):
    """How the jobs of one queue are carried out."""

    @property
    def queue(self) -> str: ...

    def prepare(self, job: Job) -> Answer | Call:
        """Decide again, now, and get everything ready; give the call to make, or the answer if there is none to make.

        Nothing leaves the house here: an error means that the job is tried again later.
        """
        ...

    def resolve(self, job: Job) -> Answer | None:
        """What becomes of a job that nobody knows the outcome of.

        `Later`: the receiver bears a repeat. `Done`: it was asked, and knows. None: a person decides.
        """
        ...

    def record(self, job: Job) -> int:
        """Record the fact that follows from how a job ended (`sent`, `dead`, `cancelled`): its position; 0: none does.

        May be called again for the same attempt: the fact is recorded once.
        """
        ...
