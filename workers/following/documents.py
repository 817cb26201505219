"""The documents worker: follows the facts, and has the paper of what was sent made at once.

It keeps no book of effects: making a paper again gives the same one, and recording it again is silent.
"""

from contextlib import suppress
from threading import Event
from typing import Any, Final
from uuid import uuid4

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.mentions import mentioning
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.envelope import Recorded
from workers.following.feed import Feed, Overtaken, about
from workers.lookout import Lookout
from workers.outage import harmless
from workers.policies.papers import Kind, wanted

ACTOR: Final = Actor(kind="worker", id="documents", name="Documents")


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

    def run_once(self, stop: Event) -> int:
        """Follow until `stop` is set; returns how many papers were seen to."""
        seen_to = 0
        for batch in self._feed.follow(self.name, stop):
            for recorded in batch.facts:
                if stop.is_set():
                    return seen_to
                kind = wanted(recorded.fact, recorded.meta.at, self._lookout.now())
                if kind is not None:
                    with mentioning(**about(recorded)):
                        self._publish(kind, recorded)
                    seen_to += 1
            with suppress(Overtaken), self._pool.connection() as connection, connection.transaction():
                batch.save(connection)
        return seen_to

    def _publish(self, kind: Kind, recorded: Recorded) -> None:
        """A document that cannot be printed is logged; it may be tried again by whoever asks for its paper."""
        stream = StreamId(recorded.originator_id)
        with harmless("the paper of %s cannot be made", stream):
            context = self._context(recorded)
            if kind == "invoice":
                self._publishing.invoice(stream, context)
            else:
                self._publishing.credit_note(stream, context)

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
