"""The runner: takes jobs one after the other, carries them out, and settles what was left undone.

The order is the point. Whatever happens between two lines of `_carry_out`, the book says enough to go on without doing
anything twice.
"""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event

from invoicing_domain import spans
from invoicing_domain.clock import Clock
from invoicing_domain.discretion import in_brief
from invoicing_domain.mentions import mentioning
from invoicing_domain.tracing import Attributes, following, linked_span, tell
from workers.jobs.book import Jobs
from workers.jobs.job import Answer, Call, Done, Handler, Job, Later, Unknown
from workers.outage import OUTAGE, harmless
from workers.policies.backoff import pause_before

_log = logging.getLogger(__name__)


class JobRunner:
    """Not to be shared between threads; any number of them may run at once, on any number of machines."""

    name = "jobs"

    def __init__(
        self,
        *,
        jobs: Jobs,
        handlers: Sequence[Handler],
        clock: Clock,
        chance: Callable[[], float] = random.random,
        attempted: Callable[[str, str], object] = lambda _queue, _outcome: None,
    ) -> None:
        """`attempted` is told what came of each attempt."""
        self._jobs = jobs
        self._handlers = handlers
        self._clock = clock
        self._chance = chance
        self._attempted = attempted

    def run_once(self, stop: Event | None = None) -> int:
        """Do all there is to do; returns how many effects took place. `stop` ends it after the job under way."""
        for handler in self._handlers:
            self._settle(handler)
        done, waiting = 0, list(self._handlers)
        while waiting:
            for handler in tuple(waiting):
                if stop is not None and stop.is_set():
                    return done
                job = self._jobs.claim(handler.queue, self._clock.now())
                if job is None:
                    waiting.remove(handler)
                else:
                    with _attempt(job):
                        done += self._carry_out(handler, job)
        return done

    def _settle(self, handler: Handler) -> None:
        """What dead workers left behind, what nobody knows the outcome of, what is too old, what is not recorded."""
        now = self._clock.now()
        self._jobs.expire(handler.queue, now)
        for job in self._jobs.in_doubt(handler.queue):
            self._resolve(handler, job)
        for job in self._jobs.give_up(handler.queue, now):
            _log.error("%s is given up: it became too old while it waited", job.effect_key)
        for job in self._jobs.owing(handler.queue):
            with following(job.traceparent):
                self._record(handler, job)

    def _carry_out(self, handler: Handler, job: Job) -> bool:
        with self._giving_back(job):
            prepared = self._prepared(handler, job)
        answer = self._called(job, prepared) if isinstance(prepared, Call) else prepared
        if answer is None:
            return False
        status = self._finish(job, answer)
        if status == "in_doubt":
            self._resolve(handler, job)
        elif status in {"sent", "dead"} and (ended := self._jobs.find(job.effect_key)) is not None:
            self._record(handler, ended)
        return isinstance(answer, Done)

    def _prepared(self, handler: Handler, job: Job) -> Answer | Call:
        try:
            return handler.prepare(job)
        except OUTAGE:
            raise
        except Exception as error:  # noqa: BLE001 - logged; nothing has gone out
            _log.exception("%s cannot be prepared", job.effect_key)
            return Later(in_brief(error), unreachable=False)

    def _called(self, job: Job, call: Call) -> Answer | None:
        """The answer to the one call; None when the lease was lost before it."""
        if not self._jobs.intend(job, call.intent):
            _log.error("%s: attempt %s lost its lease before it called", job.effect_key, job.attempt)
            return None
        try:
            return call.make()
        except Exception as error:  # noqa: BLE001 - logged, and the job is in doubt
            _log.exception("%s failed in a way that nobody thought of", job.effect_key)
            return Unknown(in_brief(error))

    def _finish(self, job: Job, answer: Answer) -> str | None:
        now = self._clock.now()
        status = self._jobs.finish(job, answer, now, self._run_at(job, answer))
        self._attempted(job.queue, status or "late")
        tell(spans.OUTCOME, status or "late")
        if status is None:
            _log.error("%s: attempt %s was answered after its lease: %s", job.effect_key, job.attempt, _said(answer))
        elif status == "dead":
            _log.error("%s is dead after attempt %s: %s", job.effect_key, job.attempt, _said(answer))
        else:
            _log.info("%s is %s: %s", job.effect_key, status, _said(answer))
        return status

    def _run_at(self, job: Job, answer: Answer | None) -> datetime | None:
        if not isinstance(answer, Later):
            return None
        pause = pause_before(job.attempt, self._chance()) if answer.wait is None else answer.wait
        return self._clock.now() + pause

    def _resolve(self, handler: Handler, job: Job) -> None:
        with harmless("%s is in doubt, and that cannot be resolved", job.effect_key):
            answer = handler.resolve(job)
            if answer is not None:
                status = self._jobs.settle(job, answer, self._clock.now(), self._run_at(job, answer))
                _log.warning("%s was in doubt and is %s: %s", job.effect_key, status, _said(answer))
            elif self._jobs.leave_to_people(job):
                _log.error("%s may or may not have gone out and is not sent again; a person decides", job.effect_key)

    def _record(self, handler: Handler, job: Job) -> None:
        with harmless("%s ended, but cannot be recorded", job.effect_key):
            self._jobs.recorded(job, handler.record(job))

    @contextmanager
    def _giving_back(self, job: Job) -> Iterator[None]:
        """An outage before anything leaves the house must not leave a doubt behind."""
        try:
            yield
        except OUTAGE as error:
            now = self._clock.now()
            self._jobs.finish(job, Later(f"the database is away: {error}", unreachable=False), now, now)
            raise


@contextmanager
def _attempt(job: Job) -> Iterator[None]:
    """What log lines and traces say of it."""
    about: Attributes = {
        spans.JOB: job.id,
        spans.QUEUE: job.queue,
        spans.ATTEMPT: job.attempt,
        spans.ORGANIZATION: job.organization_id,
    }
    with (
        mentioning(job_id=job.id, attempt=job.attempt, organization=job.organization_id),
        linked_span(f"attempt {job.queue}", about, [job.traceparent], "CONSUMER"),
    ):
        yield


def _said(answer: Answer) -> str:
    return "accepted" if isinstance(answer, Done) else answer.reason
