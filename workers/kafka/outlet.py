"""The outlet: facts go out to the topic of events, in order, and come back acknowledged or not at all.

What is handed over at once reaches each partition as one batch of the producer (nothing is sent before the flush, and
what the relay hands over is smaller than a batch), which Kafka takes whole or not at all. So a failure leaves no hole
in a partition, and what was taken ends at the last record of each: `tails`.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import Any, Final

from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from workers.kafka.clients import reader
from workers.kafka.cluster import MOST_BYTES, REQUEST_MS, Cluster, Topic, partition_of, provide
from workers.kafka.records import Record, position_of

_BATCH_BYTES: Final = 1 << 20
_LINGER_MS: Final = REQUEST_MS
_DELIVERY_MS: Final = _LINGER_MS + REQUEST_MS + 1_000
_TAIL_POLL_MS: Final = 500
_TAIL_POLLS: Final = 20


class Outlet:
    """A producer for the topic of events; opened anew after every error (KafkaError)."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.topic: Topic = provide(cluster, ["events"])["events"]
        self._producer = KafkaProducer(
            **cluster.reach,
            acks="all",
            enable_idempotence=True,
            linger_ms=_LINGER_MS,
            batch_size=_BATCH_BYTES,
            max_request_size=MOST_BYTES,
            delivery_timeout_ms=_DELIVERY_MS,
            max_block_ms=REQUEST_MS,
        )

    def close(self) -> None:
        """Wait for nothing: what was not acknowledged is published again."""
        with suppress(KafkaTimeoutError):
            self._producer.close(timeout=1)

    def partition(self, key: bytes) -> int:
        """Where the records of a stream go: as the Java client, and librdkafka's murmur2, would have it."""
        return partition_of(key, self.topic.partitions)

    def publish(self, records: Sequence[Record]) -> None:
        """Return when all replicas that count have them all; raises KafkaError when they may have them or not."""
        sent = [
            self._producer.send(
                self.topic.name,
                key=one.key,
                value=one.value,
                headers=list(one.headers),
                partition=self.partition(one.key),
            )
            for one in records
        ]
        self._producer.flush(timeout=_DELIVERY_MS / 1000)
        for future in sent:
            future.get(timeout=0)

    def tails(self) -> Mapping[int, int]:
        """The position of the last fact in each partition that has one."""
        with closing(reader(self._cluster)) as consumer:
            partitions = [TopicPartition(self.topic.name, number) for number in range(self.topic.partitions)]
            ends = {partition: end for partition, end in consumer.end_offsets(partitions).items() if end > 0}
            consumer.assign(list(ends))
            for partition, end in ends.items():
                consumer.seek(partition, end - 1)
            return _last_positions(consumer, ends) if ends else {}


def _last_positions(consumer: Any, ends: Mapping[Any, int]) -> Mapping[int, int]:
    """A partition whose last record is gone or is not ours has no tail: the stored position alone counts there."""
    found: dict[int, int] = {}
    waiting = set(ends)
    for _ in range(_TAIL_POLLS):
        for partition, records in consumer.poll(timeout_ms=_TAIL_POLL_MS).items():
            position = position_of(records[-1].headers)
            if position is not None:
                found[partition.partition] = position
        waiting = {partition for partition in waiting if consumer.position(partition) < ends[partition]}
        if not waiting:
            return found
    raise KafkaError("the last records of the topic cannot be read")
