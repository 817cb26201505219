"""Dead letters: messages that can never succeed, as they came, with where from and why; and the way back for them."""

from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from kafka import TopicPartition
from kafka.errors import KafkaError

from workers.kafka.clients import delivered, producer, reader
from workers.kafka.cluster import Cluster, Topic
from workers.kafka.records import Headers

PREFIX: Final = "izvor_dead_"

LONGEST_KEPT: Final = 1_000
MOST_KEPT: Final = 30
"""So long may a key or a header be, and so many headers there, to stay with a letter that is too large."""

_POLL_MS: Final = 500
_POLLS: Final = 20


class Poison(Exception):  # noqa: N818 - names what was met
    """A message that can never succeed. The text says nothing personal: it goes into a header and a log."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter lies in the topic of dead letters."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that died, with its own bytes and headers, and what ours say of its death."""

    key: bytes | None
    value: bytes
    headers: Headers

    @property
    def origin(self) -> str:
        """Where it died, for ever: also when the topic is made anew and counts from the start again."""
        return "{topic}/{partition}/{offset} of {topic_id}".format_map(self.told)

    @property
    def told(self) -> dict[str, str]:
        """What ours say: topic, reason, error ..."""
        ours = ((name, value) for name, value in self.headers if name.startswith(PREFIX))
        return {name.removeprefix(PREFIX): value.decode(errors="replace") for name, value in ours}

    @property
    def whole(self) -> bool:
        """Whether its value is as it came."""
        return "value" not in self.told

    @property
    def own_headers(self) -> Headers:
        return [(name, value) for name, value in self.headers if not name.startswith(PREFIX)]


def dead_letter(record: Any, topic: Topic, group: str, poison: Poison) -> DeadLetter:
    """What is written of a message; marks of an earlier death make room."""
    told = {
        "topic": record.topic,
        "topic_id": topic.id,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "consumer": group,
        "reason": poison.reason,
        "error": poison.detail,
        "release": version("izvor"),
    }
    kept = DeadLetter(record.key, record.value or b"", [(name, value or b"") for name, value in record.headers])
    ours = ((PREFIX + name, value.encode()) for name, value in told.items())
    return DeadLetter(kept.key, kept.value, [*kept.own_headers, *ours])


def abridged(letter: DeadLetter) -> DeadLetter:
    """What is left of a letter that is too large for its topic: from where, for whom and why, but not the value."""
    key = letter.key if len(letter.key or b"") <= LONGEST_KEPT else None
    short = [(name, value) for name, value in letter.own_headers if len(name) + len(value) <= LONGEST_KEPT]
    ours = [(name, value) for name, value in letter.headers if name.startswith(PREFIX)]
    dropped = (PREFIX + "value", b"dropped: larger than this topic takes")
    return DeadLetter(key, b"", [*short[:MOST_KEPT], *ours, dropped])


class DeadLetterOffice:
    """Shows a letter, and hands one in again: rare enough for a new connection each time. Raises KafkaError."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def read(self, place: Place) -> DeadLetter | None:
        """The letter at a place; None when the topic no longer keeps it."""
        partition = TopicPartition(self._cluster.topic("dead-letters"), place.partition)
        with closing(reader(self._cluster)) as consumer:
            first, end = consumer.beginning_offsets([partition]), consumer.end_offsets([partition])
            if not first[partition] <= place.offset < end[partition]:
                return None
            consumer.assign([partition])
            consumer.seek(partition, place.offset)
            for _ in range(_POLLS):
                for record in consumer.poll(timeout_ms=_POLL_MS, max_records=1).get(partition, ()):
                    return DeadLetter(record.key, record.value, record.headers)
        raise KafkaError("the topic of dead letters cannot be read")

    def send_again(self, letter: DeadLetter) -> None:
        """Its own bytes and headers go to the topic of commands; returns when they are taken."""
        with closing(producer(self._cluster)) as sender:
            topic = self._cluster.topic("commands")
            sent = sender.send(topic, key=letter.key, value=letter.value, headers=list(letter.own_headers))
            delivered(sender, [sent])
