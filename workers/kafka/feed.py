"""The feed of the topic of events: `workers.following.feed` from Kafka, and from the store what Kafka owes.

The places of a follower are in its own database, moved with its work; Kafka's own offsets are not used. What counts is
the position of the last fact that was taken: whatever is not beyond it has been seen, however it came to be written
twice. The offset beside it only says where to look, and is looked at before it is believed, because a topic that was
made anew has other offsets. A fact that the topic does not bring in time is taken from the store: no mail waits for
Kafka.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from threading import Event
from typing import Any, Final

import psycopg
from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from psycopg import Connection

from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.envelope import StoredFact
from workers.following.feed import BATCH_SIZE, STORE, Batch, move
from workers.kafka.cluster import MOST_BYTES, TROUBLE, Cluster, Topic, provide
from workers.kafka.places import Places, origin_of
from workers.kafka.records import position_of, stored_of

POLL_MS: Final = 500
"""How soon a follower hears that it is to stop."""

PATIENCE_SECONDS: Final = 5.0
"""How long a fact that is in the store may take through the topic; and how often a cluster that is away is tried."""

SESSION_MS: Final = 10_000
"""How long the partitions of a process that was killed wait for another one."""

CLOSE_MS: Final = 5_000

_log = logging.getLogger(__name__)


class KafkaFeed:
    """The partitions of the topic, shared among all processes that follow under one name."""

    def __init__(
        self,
        conninfo: str,
        ledger: Ledger,
        cluster: Cluster,
        *,
        batch_size: int = BATCH_SIZE,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._conninfo = conninfo
        self._ledger = ledger
        self._cluster = cluster
        self._batch_size = batch_size
        self._patience_seconds = patience_seconds

    def follow(self, name: str, stop: Event) -> Iterator[Batch]:
        with psycopg.connect(self._conninfo, autocommit=True) as session:
            places = Places(session, name)
            owed = Owed(session, self._ledger, places, name, self._batch_size)
            level = logging.WARNING
            while not stop.is_set():
                try:
                    topic = provide(self._cluster, ["events"])["events"]
                    level = logging.WARNING
                    with self._consumer(name) as consumer:
                        following = Following(consumer, self._ledger, places, name, topic)
                        yield from self._topic(consumer, following, owed, stop)
                except TROUBLE as lost:
                    _log.log(level, "%s follows the store, for Kafka is away: %s: %s", name, type(lost).__name__, lost)
                    level = logging.DEBUG
                    yield from owed.batches(0)
                    stop.wait(self._patience_seconds)

    def _topic(self, consumer: Any, following: "Following", owed: "Owed", stop: Event) -> Iterator[Batch]:
        arrivals = Arrivals(consumer)
        consumer.subscribe([following.topic.name], listener=arrivals)
        while not stop.is_set():
            for partition in arrivals.take():
                following.settle(partition)
            for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
                yield from following.batches(partition, records)
            yield from owed.batches(self._patience_seconds)

    def _consumer(self, name: str) -> AbstractContextManager[Any]:
        return closing_soon(
            KafkaConsumer(
                **self._cluster.reach,
                group_id=self._cluster.group(name),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                allow_auto_create_topics=False,
                max_poll_records=self._batch_size,
                max_partition_fetch_bytes=MOST_BYTES,
                session_timeout_ms=SESSION_MS,
                partition_assignment_strategy=[CooperativeStickyAssignor()],
            )
        )


class Following:
    """One follower in the partitions of one topic."""

    def __init__(self, consumer: Any, ledger: Ledger, places: Places, name: str, topic: Topic) -> None:
        self.topic = topic
        self._consumer = consumer
        self._ledger = ledger
        self._places = places
        self._name = name
        self._doubtful: set[TopicPartition] = set()

    def settle(self, partition: TopicPartition) -> None:
        """Go to the last fact that was taken from a partition, which must be the first to come."""
        self._places.read()
        offset = self._places.offset(origin_of(self.topic, partition.partition))
        if offset is None:
            self._consumer.seek_to_beginning(partition)
        else:
            self._consumer.seek(partition, offset - 1)
            self._doubtful.add(partition)
        self._consumer.resume(partition)

    def batches(self, partition: TopicPartition, records: Sequence[Any]) -> Iterator[Batch]:
        """One batch of what is new; the records come again when it was not saved."""
        origin = origin_of(self.topic, partition.partition)
        after = self._places.position(origin)
        if partition in self._doubtful:
            self._doubtful.discard(partition)
            if position_of(records[0].headers) != after:  # another topic of the same name
                self._consumer.seek_to_beginning(partition)
                return
        new = [one for one in records if self._is_new(one)]
        if not new:
            return
        facts = self._ledger.read(stored_of(one.value, one.headers) for one in new)
        to = facts[-1].position
        save = partial(move, name=self._name, origin=origin, after=after, to=to, next_offset=new[-1].offset + 1)
        yield Batch(facts=facts, save=save)
        self._places.read()
        if self._places.position(origin) < to:
            self._consumer.seek(partition, new[0].offset)

    def _is_new(self, record: Any) -> bool:
        position = position_of(record.headers)
        if position is None:
            _log.error("%s/%d %d: not a fact, passed over", record.topic, record.partition, record.offset)
            return False
        return not self._places.have(record.key, position)


class Owed:
    """Facts of the store that the topic has not brought."""

    def __init__(self, session: Connection[Any], ledger: Ledger, places: Places, name: str, batch_size: int) -> None:
        self._session = session
        self._ledger = ledger
        self._places = places
        self._name = name
        self._batch_size = batch_size
        self._first = 0
        self._since = 0.0

    def batches(self, patience_seconds: float) -> Iterator[Batch]:
        """What has been owed for so long; nothing as long as the first one may still come."""
        while rest := self._rest():
            if rest[0].position != self._first:
                self._first, self._since = rest[0].position, time.monotonic()
            if time.monotonic() < self._since + patience_seconds:
                return
            new = [one for one in rest if not self._places.have(one.stream_id.encode(), one.position)]
            after, to = self._places.position(STORE), rest[-1].position
            yield Batch(
                facts=self._ledger.read(new), save=partial(move, name=self._name, origin=STORE, after=after, to=to)
            )
            self._places.read()

    def _rest(self) -> Sequence[StoredFact]:
        """From the first one on that was not taken; the place in the store moves up to it."""
        while facts := self._ledger.feed_as_stored(self._places.position(STORE), self._batch_size):
            rest = self._places.advance(facts)
            if rest:
                return rest
        return []


class Arrivals(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Partitions that have come to this consumer, held until their places are looked up: no SQL in a callback."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._new: list[TopicPartition] = []

    def take(self) -> list[TopicPartition]:
        new, self._new = self._new, []
        assigned = self._consumer.assignment()
        return [one for one in new if one in assigned]

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        self._consumer.pause(*assigned)
        self._new += assigned

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Nothing to commit: places are saved with the work."""

    def on_partitions_lost(self, lost: Sequence[TopicPartition]) -> None:
        """The same."""


@contextmanager
def closing_soon(consumer: Any) -> Iterator[Any]:
    """Closes a consumer without waiting for a coordinator that may be gone."""
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False, timeout_ms=CLOSE_MS)
