"""The documents worker: follows the facts, and has the paper of what was sent made at once.

A paper that was made needs no job: making it again gives the same one, and recording it again is silent. One that could
not be made becomes a job, in the transaction that moves the place.
"""

from contextlib import suppress
from dataclasses import replace
from threading import Event
from typing import Any
from uuid import uuid4

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.mentions import mentioning
from invoicing_domain.model.context import Context
from invoicing_domain.model.document import PaperKind
from invoicing_domain.model.identity import StreamId
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.envelope import Recorded
from invoicing_domain.tracing import following
from workers.following.feed import Feed, Overtaken, about
from workers.jobs.enqueue import enqueue
from workers.jobs.job import Wish
from workers.lookout import Lookout
from workers.outage import harmless
from workers.policies.papers import wanted
from workers.printing import ACTOR, wish_of


class DocumentWorker:
    """Any number of them may run at once: what two make together is the same, and recorded once."""

    name = "documents"

    def __init__(
        self, *, lookout: Lookout, publishing: Publishing, feed: Feed, pool: ConnectionPool[Connection[Any]]
    ) -> None:
        self._lookout = lookout
        self._publishing = publishing
        self._feed = feed
        self._pool = pool

    def run_once(self, stop: Event) -> None:
        """Follow until `stop` is set."""
        for batch in self._feed.follow(self.name, stop):
            failed: list[Wish] = []
            for recorded in batch.facts:
                if stop.is_set():
                    return
                kind = wanted(recorded.fact, recorded.meta.at, self._lookout.now())
                if kind is not None and not self._is_made(kind, recorded):
                    wish = wish_of(recorded.meta.organization_id, kind, recorded.originator_id)
                    failed.append(replace(wish, traceparent=recorded.meta.traceparent))
            with suppress(Overtaken), self._pool.connection() as connection, connection.transaction():
                enqueue(connection, failed, self._lookout.now())
                batch.save(connection)

    def _is_made(self, kind: PaperKind, recorded: Recorded) -> bool:
        """One that cannot be made is logged, and holds up no other."""
        stream, made = StreamId(recorded.originator_id), False
        with (
            mentioning(**about(recorded)),
            following(recorded.meta.traceparent),
            harmless("the paper of %s cannot be made, and is tried again", stream),
        ):
            self._publishing.paper(kind, stream, self._context(recorded))
            made = True
        return made  # noqa: RET504 - what goes wrong in there ends there

    def _context(self, recorded: Recorded) -> Context:
        meta = recorded.meta
        return Context(
            at=self._lookout.now(),
            today=self._lookout.today_of(meta.organization_id),
            organization_id=meta.organization_id,
            actor=ACTOR,
            command_id=str(uuid4()),
            correlation_id=meta.correlation_id,
            causation_id=meta.command_id,
            source="worker",
        )
