"""The follower: facts become jobs; what people decided about jobs is done to them; who is erased is forgotten there."""

from contextlib import suppress
from dataclasses import replace
from threading import Event
from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.clock import Clock
from invoicing_domain.mentions import mentioning
from invoicing_domain.model.customer.events import PersonalDataErased
from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobRetried
from invoicing_domain.model.mailing import EmailBounced
from invoicing_domain.recording.envelope import Recorded
from workers.following.feed import Batch, Feed, Overtaken, about
from workers.jobs.decisions import apply
from workers.jobs.enqueue import enqueue
from workers.mail import bounces
from workers.mail.mailing import job_of
from workers.policies.mails import wish_of
from workers.webhooks import replies
from workers.webhooks.wishes import deliveries

NAME: Final = "jobs"
"""Under which it follows."""


class JobFollower:
    """Any number of them may follow at once: of two that take the same batch, one is rolled back."""

    name = "follower"

    def __init__(self, *, feed: Feed, pool: ConnectionPool[Connection[Any]], clock: Clock) -> None:
        self._feed = feed
        self._pool = pool
        self._clock = clock

    def run_once(self, stop: Event) -> int:
        """Follow until `stop` is set; returns how many batches were taken."""
        taken = 0
        for batch in self._feed.follow(NAME, stop):
            if stop.is_set():
                break
            with suppress(Overtaken):
                self._take(batch)
                taken += 1
        return taken

    def _take(self, batch: Batch) -> None:
        with self._pool.connection() as connection, connection.transaction():
            for recorded in batch.facts:
                with mentioning(**about(recorded)):
                    self._act(connection, recorded)
            enqueue(connection, deliveries(connection, batch.facts), self._clock.now())
            batch.save(connection)

    def _act(self, connection: Connection[Any], recorded: Recorded) -> None:
        now = self._clock.now()
        if isinstance(recorded.fact, JobRetried | JobCancelled | JobDecided):
            apply(connection, recorded.fact, now)
        elif isinstance(recorded.fact, EmailBounced):
            bounces.mark(connection, recorded.fact)
        elif isinstance(recorded.fact, PersonalDataErased):
            replies.forget(connection, recorded.meta.organization_id)
        elif (wish := wish_of(recorded.originator_id, recorded.fact, now)) is not None:
            job = replace(job_of(recorded.meta.organization_id, wish), traceparent=recorded.meta.traceparent)
            enqueue(connection, [job], now)
