"""Feeds: the recorded facts, in batches, for workers that act upon them.

A follower names itself, does its work and saves its place in one transaction of PostgreSQL:

    for batch in feed.follow("mails", stop):
        with pool.connection() as connection, connection.transaction():
            ...  # what follows from batch.facts
            batch.save(connection)

What was saved does not come again; what was not saved comes again, also after a crash. So an effect inside PostgreSQL
happens exactly once. Facts of one stream come in their order. `StoreFeed` reads the event store, `KafkaFeed`
(`workers.kafka.feed`) a topic: the same facts, the same promises.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any, Final, Protocol

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.envelope import Recorded
from projections.readiness import MOST_BEHIND

BATCH_SIZE: Final = 500
POLL_SECONDS: Final = 1.0
"""How long a missed notification can delay a fact, and how soon a follower hears that it is to stop."""

STORE: Final = "store"

_BEHIND: Final = """
SELECT name, izvor.head() - coalesce(position, 0)
  FROM unnest(%(names)s::text[]) AS asked (name)
       LEFT JOIN (SELECT name, position FROM work.follower WHERE origin = %(origin)s) AS taken USING (name)
 WHERE izvor.head() - coalesce(position, 0) > %(most)s
 ORDER BY name
"""
_PLACE: Final = "SELECT position FROM work.follower WHERE name = %s AND origin = %s"
_MOVE: Final = (
    "INSERT INTO work.follower AS f (name, origin, position, next_offset)"
    " VALUES (%(name)s, %(origin)s, %(to)s, %(next_offset)s)"
    " ON CONFLICT (name, origin) DO UPDATE"
    " SET position = excluded.position, next_offset = excluded.next_offset, moved_at = clock_timestamp()"
    " WHERE f.position = %(after)s RETURNING true"
)


class Overtaken(Exception):  # noqa: N818 - names what was met
    """Another process that follows under the same name has saved this batch: roll back, and go on with the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Facts that follow upon each other, and how to save in one's own transaction that they were taken.

    `save` raises Overtaken.
    """

    facts: Sequence[Recorded]
    save: Callable[[Connection[Any]], None]


def about(recorded: Recorded) -> Mapping[str, object]:
    """What a log line says while somebody is at a fact: also which request it came from."""
    meta = recorded.meta
    return {
        "event_id": f"{recorded.originator_id}/{recorded.originator_version}",
        "position": recorded.position,
        "organization": meta.organization_id,
        "correlation_id": meta.correlation_id,
    }


class Feed(Protocol):
    """Where followers get facts from."""

    def follow(self, name: str, stop: Event) -> Iterator[Batch]:
        """Batches from where `name` has come to, waiting for more, until `stop` is set. Never an empty one.

        A new name begins with the first fact. Raises the driver's errors when the database is away, and what the codec
        raises for a fact that this program cannot read: start again later.
        """
        ...


class StoreFeed:
    """The event store itself: facts that are on disk, in the order of their positions."""

    def __init__(self, conninfo: str, ledger: Ledger, *, batch_size: int = BATCH_SIZE) -> None:
        self._conninfo = conninfo
        self._ledger = ledger
        self._batch_size = batch_size

    def follow(self, name: str, stop: Event) -> Iterator[Batch]:
        with psycopg.connect(self._conninfo, autocommit=True) as session:
            session.execute("LISTEN izvor_events")
            while not stop.is_set():
                after = place(session, name)
                facts = self._ledger.feed(after, self._batch_size)
                if facts:
                    to = facts[-1].position
                    yield Batch(facts=facts, save=partial(move, name=name, origin=STORE, after=after, to=to))
                else:
                    for _ in session.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass


def catching_up(connection: Connection[Any], names: Sequence[str]) -> str | None:
    """What a health check says of followers that are far behind: alive, but what was asked of them comes late."""
    arguments = {"names": list(names), "origin": STORE, "most": MOST_BEHIND}
    rows = connection.cursor(row_factory=tuple_row).execute(_BEHIND, arguments).fetchall()
    return ", ".join(f"{name} is {behind} facts behind" for name, behind in rows) or None


def place(connection: Connection[Any], name: str, origin: str = STORE) -> int:
    """The position of the last fact that a follower took; 0 before the first."""
    row = connection.cursor(row_factory=tuple_row).execute(_PLACE, (name, origin), prepare=True).fetchone()
    return 0 if row is None else int(row[0])


def move(
    connection: Connection[Any], *, name: str, origin: str, after: int, to: int, next_offset: int | None = None
) -> None:
    """Save a place, if the follower still stands where it was when the batch was read."""
    arguments = {"name": name, "origin": origin, "after": after, "to": to, "next_offset": next_offset}
    if connection.execute(_MOVE, arguments).fetchone() is None:
        raise Overtaken(f"{name} has gone beyond {origin} {after} in another process")
