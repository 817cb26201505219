"""The intake of messages: at least once, in the order of each partition, answered before they count as read.

What is wrong with a message is one of three things, never mixed: it can never succeed (Poison: dead letter, then on);
it will succeed later (NotNow: its partition waits, the others go on, and the group hears of us all the while); or we
have a bug, which is not to turn a whole topic into dead letters: the intake stops and says so.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Literal

from kafka import KafkaConsumer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError

from invoicing_domain import spans
from invoicing_domain.mentions import mentioning
from invoicing_domain.tracing import HEADER, Attributes, linked_span, tell
from workers.kafka.clients import delivered, producer
from workers.kafka.cluster import TOO_LARGE, Cluster, Topic, TopicName, provide
from workers.kafka.dead_letters import DeadLetter, Place, Poison, abridged, dead_letter
from workers.kafka.feed import POLL_MS, SESSION_MS, closing_soon
from workers.kafka.reading import Reading
from workers.kafka.records import Headers

MOST_AT_ONCE: Final = 100
MOST_POISONED: Final = 20
"""So many bad messages in a row are a bug of ours, or a wrong topic."""

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
    """The answer to a message, to be written under its key; `again` says that it was given before."""

    value: bytes
    headers: Headers
    again: bool = False


Outcome = Literal["ok", "duplicate", "dead", "retry"]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A record under way: an answer, or a dead letter."""

    future: Any
    outcome: Outcome
    letter: DeadLetter | None = None


class Intake:
    """Reads the topic of commands as a member of a group; not to be shared between threads."""

    def __init__(
        self,
        cluster: Cluster,
        group: str,
        answer: Callable[[Incoming], Outgoing],
        bury: Callable[[DeadLetter, Place], object],
        *,
        session_ms: int = SESSION_MS,
        consumed: Callable[[Outcome], object] = str,
    ) -> None:
        """`bury` writes a dead letter down, or raises NotNow; `consumed` is told what came of each message."""
        self._cluster = cluster
        self._session_ms = session_ms
        self._group = cluster.group(group)
        self._answer = answer
        self._bury = bury
        self._consumed = consumed
        self._poisoned = 0

    def run(self, stop: Event) -> None:
        """Until told to stop. Raises KafkaError, BugSuspected, and what `answer` raises beside Poison and NotNow."""
        names: Sequence[TopicName] = ("commands", "command-results", "dead-letters")
        topic = provide(self._cluster, names)["commands"]
        with closing(producer(self._cluster)) as sender, closing_soon(self._consumer()) as consumer:
            consumer.subscribe([topic.name])
            reading = Reading(consumer)
            while not stop.is_set():
                reading.resume_those_due()
                for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
                    done = self._take(sender, topic, records, stop)
                    reading.settle(partition, records, done, stopped=stop.is_set())
                    if self._poisoned >= MOST_POISONED:
                        raise BugSuspected(f"{MOST_POISONED} bad messages in a row: see the dead letters")

    def _take(self, sender: Any, topic: Topic, records: Sequence[Any], stop: Event) -> int:
        """Answer messages until one has to wait; how many of them are done, with nothing left to lose."""
        poisoned, sent = self._poisoned, list[_Sent]()
        for record in records:
            if stop.is_set() or self._poisoned >= MOST_POISONED:
                break
            try:
                with (
                    mentioning(topic=record.topic, partition=record.partition, offset=record.offset),
                    self._span(record),
                ):
                    sent.append(self._send(sender, topic, record))
                    tell(spans.OUTCOME, sent[-1].outcome)
            except NotNow as reason:
                self._wait(f"{record.topic} {record.offset}", reason)
                break
        done = self._acknowledged(sender, sent)
        if done < len(sent):  # those that come again are not to be counted twice
            self._poisoned = poisoned
        return done

    def _send(self, sender: Any, topic: Topic, record: Any) -> _Sent:
        headers = {name: value or b"" for name, value in record.headers}
        try:
            out = self._answer(Incoming(record.key, record.value or b"", headers))
        except Poison as poison:
            _log.warning("%s/%d %d is a dead letter: %s", record.topic, record.partition, record.offset, poison)
            sent = self._dead(sender, dead_letter(record, topic, self._group, poison))
            self._poisoned += 1
            return sent
        self._poisoned = 0
        return _Sent(self._write(sender, "command-results", record.key, out), "duplicate" if out.again else "ok")

    def _dead(self, sender: Any, letter: DeadLetter) -> _Sent:
        """Waits until it is there: only the topic itself knows whether the letter is too large for it."""
        try:
            future = self._write(sender, "dead-letters", letter.key, letter)
            delivered(sender, [future])
        except TOO_LARGE:
            letter = abridged(letter)
            future = self._write(sender, "dead-letters", letter.key, letter)
        except KafkaError as lost:
            raise NotNow(str(lost)) from lost
        return _Sent(future, "dead", letter)

    def _write(self, sender: Any, name: TopicName, key: bytes | None, out: Outgoing | DeadLetter) -> Any:
        return sender.send(self._cluster.topic(name), key=key, value=out.value, headers=list(out.headers))

    def _acknowledged(self, sender: Any, sent: Sequence[_Sent]) -> int:
        """How many are in Kafka, and in the book where they are dead letters."""
        try:
            places = delivered(sender, [one.future for one in sent])
        except KafkaError as lost:
            self._wait("what was not taken", lost)
            return 0
        for done, (one, place) in enumerate(zip(sent, places, strict=True)):
            if one.letter is not None:
                try:
                    self._bury(one.letter, Place(place.partition, place.offset))
                except NotNow as reason:
                    self._wait(one.letter.origin, reason)
                    return done
            self._consumed(one.outcome)
        return len(sent)

    def _wait(self, what: str, reason: Exception) -> None:
        _log.warning("%s waits: %s", what, reason)
        self._consumed("retry")

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
