"""Reading topics to their end, and writing messages, as other systems do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol
from uuid import uuid4

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from workers.kafka.cluster import MOST_BYTES, Cluster, TopicName


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as a reader of the topic sees it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]

    @property
    def position(self) -> int:
        return int(self.headers["izvor_position"])

    @property
    def fact(self) -> tuple[str, int]:
        """The stream and the version of a fact."""
        return self.headers["ce_subject"].decode(), int(self.headers["izvor_version"])


@dataclass(frozen=True, slots=True)
class Reader:
    cluster: Cluster

    def all(self, name: TopicName = "events") -> list[Seen]:
        """Everything in a topic, each partition in its order."""
        with closing(KafkaConsumer(**self.cluster.reach, enable_auto_commit=False)) as consumer:
            topic = self.cluster.topic(name)
            partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
            if not partitions:
                return []  # nobody has made it yet
            ends = consumer.end_offsets(partitions)
            consumer.assign(partitions)
            consumer.seek_to_beginning()
            seen: list[Seen] = []
            while any(consumer.position(one) < ends[one] for one in partitions):
                for records in consumer.poll(timeout_ms=500).values():
                    seen += [Seen(r.partition, r.offset, r.key, r.value, dict(r.headers)) for r in records]
            return seen

    def facts(self) -> list[tuple[str, int]]:
        """Streams and versions of all facts, sorted: what was published, however often."""
        return sorted(one.fact for one in self.all())

    def in_order(self) -> bool:
        """Whether the versions of each stream come one after the other, repetitions aside."""
        known: dict[str, int] = {}
        for one in self.all():
            stream, version = one.fact
            if version > known.get(stream, 0) + 1:
                return False
            known[stream] = max(version, known.get(stream, 0))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A command as another system sends it."""

    type: str
    body: object
    organization_id: str
    id: str = field(default_factory=lambda: str(uuid4()))
    key: str = "order-1"
    traceparent: str | None = None

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        given = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": "/shop",
            "izvor_organization": self.organization_id,
            "content-type": "application/json",
            **({"traceparent": self.traceparent} if self.traceparent else {}),
        }
        return [(name, value.encode()) for name, value in given.items()]


def send(
    cluster: Cluster, messages: Sequence[Message], name: TopicName = "commands", compression: str | None = None
) -> None:
    """Compressed, records may be larger than their topic takes."""
    most = 2 * MOST_BYTES
    with closing(KafkaProducer(**cluster.reach, max_request_size=most, compression_type=compression)) as producer:
        for one in messages:
            body = one.body if isinstance(one.body, bytes) else orjson.dumps(one.body)
            producer.send(cluster.topic(name), key=one.key.encode(), value=body, headers=one.headers)
        producer.flush()


class Runs(Protocol):
    def run(self, stop: Event) -> None: ...


@contextmanager
def running(worker: Runs) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=60)
    assert not thread.is_alive()
