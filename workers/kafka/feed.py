"""The feed of the topic of events: what `workers.feed` promises, read from Kafka.

The place of a follower is in its own database, a row a partition, moved with its work; Kafka's own offsets are not
used. What counts is the position of the last fact that was taken: whatever is not beyond it has been seen, however it
came to be written twice. The offset beside it only says where to look, and is looked at before it is believed, because
a topic that was made anew has other offsets.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from threading import Event
from typing import Any, Final

import psycopg
from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain.recording.application import Ledger
from workers.feed import BATCH_SIZE, Batch, move, place
from workers.kafka.cluster import MOST_BYTES, Cluster, provide
from workers.kafka.records import position_of, stored_of

POLL_MS: Final = 500
"""How soon a follower hears that it is to stop."""

SESSION_MS: Final = 10_000
"""How long the partitions of a process that was killed wait for another one."""

CLOSE_MS: Final = 5_000

_NEXT: Final = "SELECT next_offset FROM work.follower WHERE name = %s AND origin = %s"

_log = logging.getLogger(__name__)


class KafkaFeed:
    """The partitions of the topic, shared among all processes that follow under one name."""

    def __init__(self, conninfo: str, ledger: Ledger, cluster: Cluster, *, batch_size: int = BATCH_SIZE) -> None:
        self._conninfo = conninfo
        self._ledger = ledger
        self._cluster = cluster
        self._batch_size = batch_size

    def follow(self, name: str, stop: Event) -> Iterator[Batch]:
        topic = provide(self._cluster, ["events"])["events"].name
        with psycopg.connect(self._conninfo, autocommit=True) as session, self._consumer(name) as consumer:
            arrivals = Arrivals(consumer)
            consumer.subscribe([topic], listener=arrivals)
            following = Following(session, consumer, self._ledger, name)
            while not stop.is_set():
                for partition in arrivals.take():
                    following.settle(partition)
                for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
                    yield from following.batches(partition, records)

    def _consumer(self, name: str) -> AbstractContextManager[Any]:
        return closing_soon(
            KafkaConsumer(
                **self._cluster.reach,
                group_id=f"{self._cluster.prefix}-{name}",
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
    """One follower, and where it stands in each of its partitions."""

    def __init__(self, session: Connection[Any], consumer: Any, ledger: Ledger, name: str) -> None:
        self._session = session
        self._consumer = consumer
        self._ledger = ledger
        self._name = name
        self._begun_at = place(session, name)
        self._places: dict[TopicPartition, int] = {}
        self._doubtful: set[TopicPartition] = set()

    def settle(self, partition: TopicPartition) -> None:
        """Go to the last fact that was taken from a partition, which must be the first to come."""
        self._places[partition] = place(self._session, self._name, _origin(partition))
        next_offset = self._next_offset(partition)
        if next_offset is None:
            self._consumer.seek_to_beginning(partition)
        else:
            self._consumer.seek(partition, next_offset - 1)
            self._doubtful.add(partition)
        self._consumer.resume(partition)

    def batches(self, partition: TopicPartition, records: Sequence[Any]) -> Iterator[Batch]:
        """One batch of what is new; the records come again when it was not saved."""
        after = self._places[partition]
        if partition in self._doubtful:
            self._doubtful.discard(partition)
            if position_of(records[0].headers) != after:  # another topic of the same name
                self._consumer.seek_to_beginning(partition)
                return
        new = [one for one in records if self._is_new(one, after)]
        if not new:
            return
        facts = self._ledger.read(stored_of(one.value, one.headers) for one in new)
        origin, to = _origin(partition), facts[-1].position
        save = partial(move, name=self._name, origin=origin, after=after, to=to, next_offset=new[-1].offset + 1)
        yield Batch(facts=facts, save=save)
        self._places[partition] = place(self._session, self._name, origin)
        if self._places[partition] < to:
            self._consumer.seek(partition, new[0].offset)

    def _is_new(self, record: Any, after: int) -> bool:
        position = position_of(record.headers)
        if position is None:
            _log.error("%s %d: not a fact, passed over", _origin(record), record.offset)
        return position is not None and position > max(after, self._begun_at)

    def _next_offset(self, partition: TopicPartition) -> int | None:
        cursor = self._session.cursor(row_factory=tuple_row)
        row = cursor.execute(_NEXT, (self._name, _origin(partition))).fetchone()
        return None if row is None else row[0]


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


def _origin(partition: Any) -> str:
    return f"{partition.topic}/{partition.partition}"
