"""The bulk worker: every second, carry runs on that are not finished."""

from collections.abc import Sequence
from threading import Event
from typing import Any, Final, Protocol
from uuid import uuid4

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.bulk_runs import Bulk
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.identity import StreamId
from projections.errand_list import query as errand_list
from projections.errand_list.query import Errand
from workers.lookout import Lookout
from workers.outage import harmless

ACTOR: Final = Actor(kind="worker", id="bulk", name="Bulk runs")


class Runs(Protocol):
    """Where the worker learns which runs to look at. A hint: the ledger says what is left of them."""

    def unfinished(self) -> Sequence[Errand]:
        """Runs that looked unfinished, longest waiting first."""
        ...


class ListedRuns:
    """Runs from the read models."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def unfinished(self) -> Sequence[Errand]:
        with self._pool.connection() as connection:
            return errand_list.open_errands(connection, "bulk_run")


class BulkWorker:
    """Any number of them may run at once: what two do together is done once, and noted once."""

    name = "bulk"

    def __init__(self, *, lookout: Lookout, bulk: Bulk, runs: Runs) -> None:
        self._lookout = lookout
        self._bulk = bulk
        self._runs = runs

    def run_once(self, stop: Event | None = None) -> int:
        """One pass over all unfinished runs; returns how many invoices got their result."""
        done = 0
        for run in self._runs.unfinished():
            with harmless("bulk run %s cannot go on", run.stream_id):
                done += self._carry_on(run, stop)
        return done

    def _carry_on(self, run: Errand, stop: Event | None) -> int:
        profile = self._lookout.profile(run.organization_id)
        if profile is None:
            return 0
        command_id = str(uuid4())
        context = Context(
            at=self._lookout.now(),
            today=self._lookout.today(profile),
            organization_id=run.organization_id,
            actor=ACTOR,
            command_id=command_id,
            correlation_id=command_id,
            source="worker",
        )
        return self._bulk.advance(StreamId(run.stream_id), context, stop=lambda: stop is not None and stop.is_set())
