"""The relay: publishes every recorded fact to Kafka, in order, none left out. The event store is its outbox.

One relay publishes, others stand by: the lead is an advisory lock of PostgreSQL, which ends with the session. How far
it has come is a row, moved when Kafka has acknowledged everything before it. Who dies in between leaves facts in the
topic that the row does not know of; the next one finds them at the end of each partition, and skips them there.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event
from typing import Any, Final, Protocol

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain import spans
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.envelope import StoredFact
from invoicing_domain.tracing import Attributes, linked_span
from workers.kafka.cluster import TROUBLE, Topic
from workers.kafka.records import Record, record_of, recorded_at
from workers.outage import OUTAGE

BATCH_SIZE: Final = 1_000
HANDOVER_BYTES: Final = 896 << 10
"""Less than a batch of the producer, also when all of it goes to one partition."""

_HEADER_BYTES: Final = 800
"""At most, beside what is stored."""

POLL_SECONDS: Final = 1.0
"""How long a missed notification can delay a fact."""

STANDBY_SECONDS: Final = 0.5
FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 5.0

LOST: Final = (*OUTAGE, *TROUBLE)
"""Trouble of the database or of Kafka, not of a fact: connect again and go on where things stand."""

# "IZVK" and the topic: held by the relay that publishes, as long as its session lives.
_LEAD: Final = "SELECT pg_try_advisory_lock(1230657099, hashtext(%s))"
_STILL_LEADING: Final = "SELECT 1"
_KNOWN: Final = "SELECT topic_id, position, digest FROM work.relay WHERE topic = %s"
_BEGIN: Final = (
    "INSERT INTO work.relay (topic, topic_id, position, digest) VALUES (%s, %s, 0, '')"
    " ON CONFLICT (topic) DO UPDATE SET topic_id = excluded.topic_id, position = 0, digest = ''"
)
_MOVE: Final = "UPDATE work.relay SET position = %s, digest = %s, moved_at = clock_timestamp() WHERE topic = %s"

_LAG: Final = """
WITH published AS (SELECT coalesce((SELECT position FROM work.relay WHERE topic = %(topic)s), 0) AS position)
SELECT izvor.head() - position, (SELECT state FROM izvor.events WHERE notification_id = position + 1) FROM published
"""

_log = logging.getLogger(__name__)


class AheadOfStore(Exception):  # noqa: N818 - names what was met
    """Kafka holds facts that the store does not: a database that lost commits. A person has to look."""


class Outlet(Protocol):
    """Where facts go out; raises TROUBLE."""

    @property
    def topic(self) -> Topic: ...

    def partition(self, key: bytes) -> int:
        """Where the records of a stream go."""
        ...

    def tails(self) -> Mapping[int, int]:
        """The position of the last fact in each partition that has one."""
        ...

    def publish(self, records: Sequence[Record]) -> None:
        """Return when they are taken, all of them; an error leaves in each partition none of them, or all."""
        ...

    def close(self) -> None: ...


@dataclass
class Relay:
    """Publishes, or stands by for the relay that does, until told to stop."""

    conninfo: str = field(repr=False)
    ledger: Ledger
    topic: str
    open_outlet: Callable[[], Outlet]
    batch_size: int = BATCH_SIZE
    leading: Callable[[bool], object] = bool
    """Told when this relay begins to publish, and when it no longer does."""
    published: Callable[[int], object] = int
    """Told how many facts were handed over."""
    name = "relay"
    _pause = FIRST_PAUSE_SECONDS

    def run(self, stop: Event) -> None:
        """Survives a lost database and a lost broker. Raises AheadOfStore."""
        while not stop.is_set():
            try:
                with self._session() as session:
                    if self._lead(session, stop):
                        self.leading(True)
                        self._publish(session, stop)
            except LOST as lost:
                self._say(lost)
                self.leading(False)
                stop.wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)

    def _say(self, lost: Exception) -> None:
        """Not every few seconds, as long as it may last."""
        level = logging.WARNING if self._pause < LONGEST_PAUSE_SECONDS else logging.DEBUG
        _log.log(level, "relay: trying again in %.1f s: %s: %s", self._pause, type(lost).__name__, lost)

    def _session(self) -> Connection[Any]:
        """Tells of a dead machine soon, and waits for no disk: the row that it writes is a hint."""
        return psycopg.connect(
            self.conninfo,
            autocommit=True,
            row_factory=tuple_row,
            keepalives_idle=5,
            keepalives_interval=5,
            keepalives_count=3,
        )

    def _lead(self, session: Connection[Any], stop: Event) -> bool:
        while not stop.is_set():
            if session.execute(_LEAD, (self.topic,)).fetchone() == (True,):
                return True
            stop.wait(STANDBY_SECONDS)
        return False

    def _publish(self, session: Connection[Any], stop: Event) -> None:
        session.execute("SET synchronous_commit = off")
        session.execute("LISTEN izvor_events")
        with closing(self.open_outlet()) as outlet:
            place, tails = self._resume(session, outlet.topic), outlet.tails()
            while not stop.is_set():
                facts = self.ledger.feed_as_stored(place, self.batch_size)
                for portion in portions(facts):
                    self._hand_over(session, outlet, portion, tails)
                    place = portion[-1].position
                if not facts:
                    for _ in session.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass

    def _resume(self, session: Connection[Any], topic: Topic) -> int:
        """The position to go on from: the first one for a topic that is new, or was made anew."""
        known = session.execute(_KNOWN, (topic.name,)).fetchone()
        if known is None or known[0] != topic.id:
            if known is not None:
                _log.warning("relay: %s was made anew, everything is published again", topic.name)
            session.execute(_BEGIN, (topic.name, topic.id))
            return 0
        _, position, digest = known
        if position and not self._holds(position, digest):
            raise AheadOfStore(
                f"{topic.name} was published up to fact {position}, which this database does not hold: it has lost"
                " commits, and nothing more is published until a person decides (workers/kafka/README.md)"
            )
        return int(position)

    def _holds(self, position: int, digest: bytes) -> bool:
        found = self.ledger.feed_as_stored(position - 1, 1)
        return bool(found) and _digest(found[0]) == digest

    def _hand_over(
        self, session: Connection[Any], outlet: Outlet, facts: Sequence[StoredFact], tails: Mapping[int, int]
    ) -> None:
        session.execute(_STILL_LEADING)
        records = [record_of(one) for one in facts]
        with _handing_over(records, outlet.topic):
            outlet.publish([one for one in records if one.position > tails.get(outlet.partition(one.key), 0)])
        session.execute(_MOVE, (facts[-1].position, _digest(facts[-1]), outlet.topic.name))
        self._pause = FIRST_PAUSE_SECONDS
        self.published(len(facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far Kafka is behind the store: facts, and the age of the oldest of them, which is the one to watch."""

    facts: int
    seconds: float


def lag(connection: Connection[Any], topic: str, now: datetime) -> Lag:
    facts, oldest = connection.cursor(row_factory=tuple_row).execute(_LAG, {"topic": topic}).fetchone() or (0, None)
    age = now - recorded_at(oldest) if oldest else timedelta(0)
    return Lag(facts=facts, seconds=max(age.total_seconds(), 0.0))


def portions(facts: Sequence[StoredFact]) -> Iterator[Sequence[StoredFact]]:
    """Facts in their order, as many at a time as one hand-over may hold."""
    begin = size = 0
    for number, one in enumerate(facts):
        more = len(one.state) + _HEADER_BYTES
        if size and size + more > HANDOVER_BYTES:
            yield facts[begin:number]
            begin, size = number, 0
        size += more
    if begin < len(facts):
        yield facts[begin:]


def _handing_over(records: Sequence[Record], topic: Topic) -> AbstractContextManager[None]:
    """What traces say of it: one piece of work for the facts of many traces."""
    about: Attributes = {
        spans.SYSTEM: "kafka",
        spans.DESTINATION: topic.name,
        spans.OPERATION: "send",
        spans.OPERATION_TYPE: "send",
        spans.MESSAGES: len(records),
    }
    return linked_span(f"send {topic.name}", about, [one.traceparent for one in records], "PRODUCER")


def _digest(fact: StoredFact) -> bytes:
    return sha256(fact.state).digest()
