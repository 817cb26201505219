"""The intake of messages: at least once, in the order of each partition, answered before they count as read.

What is wrong with a message is one of three things, never mixed: it can never succeed (Poison: dead letter, then on);
it will succeed later (NotNow: its partition waits, the others go on, and the group hears of us all the while); or we
have a bug, which is not to turn a whole topic into dead letters: the intake stops and says so.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    KafkaError,
    KafkaTimeoutError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from invoicing_domain import spans
from invoicing_domain.mentions import mentioning
from invoicing_domain.tracing import HEADER, Attributes, linked_span
from workers.kafka.cluster import MOST_BYTES, REQUEST_MS, Cluster, TopicName, provide
from workers.kafka.dead_letters import Poison, dead_letter
from workers.kafka.feed import POLL_MS, SESSION_MS, closing_soon
from workers.kafka.records import Headers

MOST_AT_ONCE: Final = 100
MOST_POISONED: Final = 20
"""So many bad messages in a row are a bug of ours, or a wrong topic."""

FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 60.0

_DELIVERY_MS: Final = REQUEST_MS + 1_000
_COMMIT_MS: Final = 10_000
_COMMITTED_LATER: Final = (
    CommitFailedError,
    RebalanceInProgressError,
    IllegalGenerationError,
    UnknownMemberIdError,
    KafkaTimeoutError,
)
"""Not fatal: committed with a later batch, or delivered again and answered with what is known."""

_log = logging.getLogger(__name__)


class NotNow(Exception):  # noqa: N818 - names what was met
    """Something that the message needs is away."""


class BugSuspected(Exception):  # noqa: N818 - names what is meant
    """Too much goes wrong for the messages to be at fault."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came."""

    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to write, under the key of the message that it answers."""

    topic: TopicName
    value: bytes
    headers: Headers


class Intake:
    """Reads the topic of commands as a member of a group; not to be shared between threads."""

    def __init__(
        self,
        cluster: Cluster,
        group: str,
        answer: Callable[[Incoming], Outgoing],
        *,
        session_ms: int = SESSION_MS,
        consumed: Callable[[str], object] = str,
    ) -> None:
        """`consumed` is told what came of each message: ok, dead or retry."""
        self._cluster = cluster
        self._session_ms = session_ms
        self._group = f"{cluster.prefix}-{group}"
        self._answer = answer
        self._consumed = consumed
        self._poisoned = 0

    def run(self, stop: Event) -> None:
        """Until told to stop. Raises KafkaError, BugSuspected, and what `answer` raises beside Poison and NotNow."""
        names: Sequence[TopicName] = ("commands", "command-results", "dead-letters")
        topic = provide(self._cluster, names)["commands"].name
        with closing(self._producer()) as producer, closing_soon(self._consumer()) as consumer:
            consumer.subscribe([topic])
            reading = Reading(consumer)
            while not stop.is_set():
                reading.resume_those_due()
                for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
                    done = self._take(producer, records, stop)
                    reading.settle(partition, records, done, stopped=stop.is_set())

    def _take(self, producer: Any, records: Sequence[Any], stop: Event) -> int:
        """Answer messages until one has to wait; how many of them are done, their answers acknowledged."""
        sent = []
        for record in records:
            try:
                if stop.is_set():
                    break
                with (
                    mentioning(topic=record.topic, partition=record.partition, offset=record.offset),
                    self._span(record),
                ):
                    sent.append(self._send(producer, record))
            except NotNow as reason:
                _log.warning("%s %d waits: %s", record.topic, record.offset, reason)
                self._consumed("retry")
                break
        try:
            producer.flush(timeout=_DELIVERY_MS / 1000)
            for future in sent:
                future.get(timeout=0)
        except KafkaError as lost:
            _log.warning("answers were not taken, and are given again: %s", lost)
            return 0
        return len(sent)

    def _send(self, producer: Any, record: Any) -> Any:
        try:
            headers = {name: value or b"" for name, value in record.headers}
            out = self._answer(Incoming(record.key, record.value or b"", headers))
            self._poisoned = 0
            self._consumed("ok")
        except Poison as poison:
            self._poisoned += 1
            if self._poisoned > MOST_POISONED:
                raise BugSuspected(f"{MOST_POISONED} bad messages in a row, the last one: {poison}") from poison
            _log.warning("%s/%d %d is a dead letter: %s", record.topic, record.partition, record.offset, poison)
            self._consumed("dead")
            out = Outgoing("dead-letters", record.value or b"", dead_letter(record, self._group, poison))
        topic = self._cluster.topic(out.topic)
        return producer.send(topic, key=record.key, value=out.value, headers=list(out.headers))

    def _span(self, record: Any) -> AbstractContextManager[None]:
        """What traces say of a message."""
        about: Attributes = {
            spans.SYSTEM: "kafka",
            spans.DESTINATION: record.topic,
            spans.PARTITION: str(record.partition),
            spans.OFFSET: record.offset,
            spans.GROUP: self._group,
            spans.OPERATION: "process",
            spans.OPERATION_TYPE: "process",
        }
        cause = dict(record.headers).get(HEADER) or b""
        return linked_span(f"process {record.topic}", about, [cause.decode(errors="replace")], "CONSUMER")

    def _producer(self) -> Any:
        return KafkaProducer(
            **self._cluster.reach,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            max_request_size=MOST_BYTES,
            delivery_timeout_ms=_DELIVERY_MS,
            max_block_ms=REQUEST_MS,
        )

    def _consumer(self) -> Any:
        return KafkaConsumer(
            **self._cluster.reach,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            max_poll_records=MOST_AT_ONCE,
            session_timeout_ms=self._session_ms,
            heartbeat_interval_ms=self._session_ms // 4,
            partition_assignment_strategy=[CooperativeStickyAssignor()],
        )


class Reading:
    """What was read: commits what is done, and lets a partition wait without leaving the group."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._due: dict[TopicPartition, float] = {}
        self._failures: dict[TopicPartition, int] = {}

    def resume_those_due(self) -> None:
        now = time.monotonic()
        for partition in [one for one, due in self._due.items() if due <= now]:
            del self._due[partition]
            if partition in self._consumer.assignment():
                self._consumer.resume(partition)

    def settle(self, partition: TopicPartition, records: Sequence[Any], done: int, *, stopped: bool) -> None:
        if done:
            self._failures.pop(partition, None)
            self._commit(partition, records[done - 1].offset + 1)
        if done < len(records) and not stopped and partition in self._consumer.assignment():
            self._wait(partition, records[done].offset)

    def _wait(self, partition: TopicPartition, offset: int) -> None:
        self._failures[partition] = failures = self._failures.get(partition, 0) + 1
        self._consumer.pause(partition)
        self._consumer.seek(partition, offset)
        longest = min(FIRST_PAUSE_SECONDS * (1 << min(failures, 20)), LONGEST_PAUSE_SECONDS)
        self._due[partition] = time.monotonic() + random.uniform(0, longest)  # noqa: S311 - jitter, not a secret

    def _commit(self, partition: TopicPartition, offset: int) -> None:
        try:
            self._consumer.commit({partition: OffsetAndMetadata(offset, "", -1)}, timeout_ms=_COMMIT_MS)
        except _COMMITTED_LATER as later:
            _log.info("%s %d is not committed: %s", partition, offset, later)
