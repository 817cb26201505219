"""Jobs for tests: wishes, a handler that does what it is told, and the book as one worker of many sees it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
from psycopg_pool import ConnectionPool

from invoicing_domain.recording.application import Ledger
from tests.support.reminders import HOME
from workers.following.feed import STORE, Batch, move, place
from workers.jobs.book import LEASE, Jobs
from workers.jobs.enqueue import enqueue
from workers.jobs.job import Answer, Call, Done, Job, Wish

NOW = datetime(2026, 12, 24, 8, tzinfo=UTC)
ALREADY_OVER = timedelta(seconds=0)
QUEUE = "errands"
_MAILS = """
INSERT INTO work.job
       (organization_id, queue, effect_key, lock_key, destination, payload, status, expires_at, max_attempts)
SELECT %s, 'mails', 'mail:' || n, 'mail:' || n, 'mail', '{}', 'dead', now(), 1 FROM generate_series(1, %s) n
"""
_UNHURRIED = """
INSERT INTO work.destination (name, burst, per_second, tokens) VALUES (%s, 1000, 1000, 1000)
ON CONFLICT (name) DO UPDATE SET burst = 1000, per_second = 1000, tokens = 1000
"""


def book(pool: ConnectionPool[Any], lease: timedelta = LEASE) -> Jobs:
    return Jobs(pool, worker_id=str(uuid4()), lease=lease)


def wish(number: int = 1, **others: Any) -> Wish:
    """The wish for one errand of many, each under a lock of its own unless told otherwise."""
    told: dict[str, Any] = {
        "effect_key": f"errand:{number}",
        "organization_id": HOME,
        "queue": QUEUE,
        "lock_key": f"document:{number}",
        "destination": "world",
        "payload": {"number": number},
    }
    return Wish(**(told | others))


def dead_mails(database: str, organization_id: str, many: int) -> None:
    """After an outage: `mail:1` and so on."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_MAILS, (organization_id, many))
        connection.execute("ANALYZE work.job")


def wished(pool: ConnectionPool[Any], *wishes: Wish, now: datetime = NOW) -> int:
    with pool.connection() as connection, connection.transaction():
        return enqueue(connection, wishes, now)


def weeks_of_calls_in_a_second(pool: ConnectionPool[Any], destination: str) -> None:
    """The rate of calls is counted by the clock of the database, which no test moves: how many it lets through in a
    week that a test lives in a second would else depend on how fast the machine is."""
    with pool.connection() as connection:
        connection.execute(_UNHURRIED, (destination,))


def status(pool: ConnectionPool[Any], key: str = "errand:1") -> str | None:
    job = book(pool).find(key)
    return None if job is None else job.status


@dataclass
class Errands:
    """A handler that gives the answers it was given, and remembers what it did."""

    answer: Callable[[Job], Answer] = lambda _: Done()
    prepared: Callable[[Job], Answer | None] = lambda _: None
    resolution: Answer | None = None
    intent: Mapping[str, Any] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    recorded: list[tuple[str, str]] = field(default_factory=list)

    queue = QUEUE

    def prepare(self, job: Job) -> Answer | Call:
        return self.prepared(job) or Call(self.intent, lambda: self._call(job))

    def resolve(self, job: Job) -> Answer | None:
        del job
        return self.resolution

    def record(self, job: Job) -> int:
        self.recorded.append((job.effect_key, job.status))
        return 1

    def _call(self, job: Job) -> Answer:
        self.called.append(job.effect_key)
        return self.answer(job)


def answers(*given: Answer) -> Callable[[Job], Answer]:
    """One answer a call; the last one for all that follow."""
    left: list[Answer] = list(given)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def keys(jobs: Sequence[Job]) -> list[str]:
    return [job.effect_key for job in jobs]


@dataclass
class AllThereIs:
    """The feed up to its end: for followers in tests, which are not to wait for more."""

    conninfo: str
    ledger: Ledger

    def follow(self, name: str, stop: Event) -> Iterator[Batch]:
        with psycopg.connect(self.conninfo, autocommit=True) as session:
            while not stop.is_set():
                after = place(session, name)
                facts = self.ledger.feed(after, 500)
                if not facts:
                    return
                to = facts[-1].position
                yield Batch(facts=facts, save=partial(move, name=name, origin=STORE, after=after, to=to))


def letter(organization_id: str = HOME, number: int = 1) -> Wish:
    """A message that died in the topic of commands, at an offset of its own."""
    origin = f"izvor.commands/3/{number} of 01940000-0000-8000-8000-00000000000a"
    return Wish(
        effect_key=f"dead-letter:{origin}",
        organization_id=organization_id,
        queue="dead-letters",
        lock_key=f"dead-letter:{origin}",
        destination="kafka",
        payload={"origin": origin, "partition": 1, "offset": number},
    )
