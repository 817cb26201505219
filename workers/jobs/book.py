"""The book of jobs, as one worker process sees it: claim, finish, and what dead workers left behind.

A job is claimed, and the claim is on disk, before anything leaves the house. Who dies in between leaves `sending`
behind; when its lease is over this becomes `in_doubt`, and what then happens is the channel's to say.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar, cast

import psycopg
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from workers.jobs import statements
from workers.jobs.job import Answer, Dead, Done, Job, Later, Status, Unknown, Unwanted
from workers.policies.backoff import FIRST

LEASE: Final = timedelta(minutes=15)
"""Longer than the slowest call: a dozen exchanges with a mail server, each with a time limit of its own."""

BREAKS_AFTER: Final = 3
"""So many calls in a row that did not reach their destination, and it is left alone for a while."""

LONGEST_BREAK: Final = timedelta(minutes=15)

CUT_OFF_AT_MOST: Final = 5
"""So often a transaction that another one stood in the way of is tried again."""

T = TypeVar("T")

_STATUS: Final[Mapping[type, Status]] = {
    Done: "sent",
    Later: "ready",
    Dead: "dead",
    Unknown: "in_doubt",
    Unwanted: "withdrawn",
}


class Jobs:
    """Safe to share between threads. `now` is the worker's clock; leases go by the clock of the database."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], *, worker_id: str, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._worker_id = worker_id
        self._lease = lease

    def claim(self, queue: str, now: datetime) -> Job | None:
        """Take the next job of a queue, durably; None when there is none that may be begun."""
        arguments = {"queue": queue, "now": now, **self._breaker}
        try:
            return self._whole(lambda connection: self._claim(connection, dict(arguments)))
        except psycopg.errors.UniqueViolation:  # job_one_per_lock: another worker was faster
            return None

    def _claim(self, connection: Connection[Any], arguments: dict[str, Any]) -> Job | None:
        connection.execute(statements.DURABLY)
        found = connection.execute(statements.NEXT, arguments).fetchone()
        if found is None:
            return None
        arguments |= {"id": found[0], "destination": found[1], "organization_id": found[2]}
        if connection.execute(statements.ALLOWANCE, arguments).fetchone() is None:
            return None
        connection.execute(statements.SERVED, arguments)
        arguments["worker_id"] = self._worker_id
        return connection.cursor(row_factory=class_row(Job)).execute(statements.CLAIM, arguments).fetchone()

    def intend(self, job: Job, intent: Mapping[str, Any]) -> bool:
        """Keep what is about to be done; False when the lease is lost, so that it must not be done."""
        with self._pool.connection() as connection:
            arguments = {"id": job.id, "attempt": job.attempt, "outcome": Jsonb(dict(intent))}
            return connection.execute(statements.INTEND, arguments).fetchone() is not None

    def finish(self, job: Job, answer: Answer, now: datetime, run_at: datetime | None = None) -> Status | None:
        """Write down what came of an attempt; None when it is no longer ours to finish. `Later` needs its `run_at`."""
        told = {"status": _STATUS[type(answer)], **_said(answer)}
        arguments = {"id": job.id, "attempt": job.attempt, "answer": Jsonb(told)}

        def written(connection: Connection[Any]) -> Status | None:
            # The destination first, as when claiming: they seldom wait for each other then.
            connection.execute(_health(answer), {"destination": job.destination, "now": now, **self._breaker})
            connection.execute(statements.ANSWERED, arguments)
            return self._settle(connection, job, answer, now, run_at)

        return self._whole(written)

    def _whole(self, do: Callable[[Connection[Any]], T], patience: int = CUT_OFF_AT_MOST) -> T:
        """In one transaction; again when it is cut off because it and another one waited for each other.

        A claim that looked at a job just before another worker took it keeps that job's row until its end, and may wait
        for a destination that the other one holds, while it writes down the answer. The answer must not be lost by it.
        """
        try:
            with self._pool.connection() as connection, connection.transaction():
                return do(connection)
        except psycopg.errors.DeadlockDetected:
            if not patience:
                raise
            return self._whole(do, patience - 1)

    def settle(self, job: Job, answer: Answer, now: datetime, run_at: datetime | None = None) -> Status | None:
        """Go on with a job in doubt, as if this had been the answer to its attempt; None when somebody else has."""
        with self._pool.connection() as connection:
            return self._settle(connection, job, answer, now, run_at)

    def _settle(
        self, connection: Connection[Any], job: Job, answer: Answer, now: datetime, run_at: datetime | None
    ) -> Status | None:
        arguments = {
            "id": job.id,
            "attempt": job.attempt,
            "status": _STATUS[type(answer)],
            "run_at": now if isinstance(answer, Unknown) else run_at,
            "outcome": Jsonb(_said(answer)),
        }
        row = connection.execute(statements.FINISH, arguments).fetchone()
        return None if row is None else cast("Status", row[0])

    @property
    def _breaker(self) -> dict[str, Any]:
        return {"breaks_after": BREAKS_AFTER, "first": FIRST, "longest": LONGEST_BREAK, "lease": self._lease}

    def expire(self, queue: str, now: datetime) -> Sequence[Job]:
        """Put in doubt what dead workers left behind, and return it."""
        return self._rows(statements.EXPIRE, {"queue": queue, "now": now})

    def give_up(self, queue: str, now: datetime) -> Sequence[Job]:
        """Put an end to what became too old while it waited, and return it."""
        return self._rows(statements.GIVE_UP, {"queue": queue, "now": now})

    def in_doubt(self, queue: str) -> Sequence[Job]:
        """Jobs of unknown outcome that nobody has looked at yet."""
        return self._rows(statements.IN_DOUBT, {"queue": queue})

    def leave_to_people(self, job: Job) -> bool:
        """No machine goes on with this job; False when another one has said so already."""
        with self._pool.connection() as connection:
            arguments = {"id": job.id, "attempt": job.attempt}
            return connection.execute(statements.FOR_PEOPLE, arguments).fetchone() is not None

    def owing(self, queue: str) -> Sequence[Job]:
        """Jobs that ended, and whose fact is still owed."""
        return self._rows(statements.OWING, {"queue": queue})

    def recorded(self, job: Job, position: int) -> None:
        """The fact stands at `position` of the feed."""
        with self._pool.connection() as connection:
            arguments = {"id": job.id, "attempt": job.attempt, "position": position}
            connection.execute(statements.RECORDED, arguments)

    def find(self, effect_key: str) -> Job | None:
        return next(iter(self._rows(statements.FIND, {"effect_key": effect_key})), None)

    def _rows(self, statement: str, arguments: Mapping[str, Any]) -> Sequence[Job]:
        with self._pool.connection() as connection:
            return connection.cursor(row_factory=class_row(Job)).execute(statement, arguments).fetchall()


def _said(answer: Answer) -> dict[str, Any]:
    match answer:
        case Done():
            return dict(answer.outcome)
        case Later() | Dead():
            return {**answer.said, "reason": answer.reason}
        case _:
            return {"reason": answer.reason}


def _health(answer: Answer) -> str:
    """What an answer says about its destination; an answer that is a verdict shows that it is well."""
    match answer:
        case Done() | Dead():
            return statements.REACHED
        case Unknown() | Later(unreachable=True):
            return statements.UNREACHABLE
        case _:
            return statements.NOT_CALLED
