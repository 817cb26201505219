"""The cluster and our topics in it; topics that are missing are made."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, MessageSizeTooLargeError, TopicAlreadyExistsError
from kafka.partitioner.default import murmur2

TopicName = Literal["events", "commands", "command-results", "dead-letters"]

TROUBLE: Final = (KafkaError,)
"""Kafka does not answer, or not as hoped: again later. For those who do not know its library."""

TOO_LARGE: Final = (MessageSizeTooLargeError,)
"""The topic does not take a record of this size, however often it is tried."""

MOST_BYTES: Final = 8 << 20
"""Of one record: the longest invoice that can be sent fits."""

MOST_BYTES_DEAD: Final = MOST_BYTES + (64 << 10)
"""Of a dead letter: the longest record, and what is said of its death."""

BOOTSTRAP_MS: Final = 5_000
"""How long to look for a broker."""

REQUEST_MS: Final = 10_000
"""How long a broker may take to answer."""

REPLICAS: Final = 3
"""Where there are as many brokers; then two of them must have a record before it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a topic is set up; `days` that records are kept, None for ever."""

    partitions: int
    days: int | None
    most_bytes: int = MOST_BYTES


LAYOUTS: Final[Mapping[TopicName, Layout]] = {
    "events": Layout(partitions=12, days=None),
    "commands": Layout(partitions=12, days=14),
    "command-results": Layout(partitions=12, days=14),
    "dead-letters": Layout(partitions=3, days=90, most_bytes=MOST_BYTES_DEAD),
}
"""The number of partitions is for ever: another one would lead keys elsewhere, and tear streams apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """As whom brokers know us; `mechanism` in their words, such as SCRAM-SHA-512."""

    mechanism: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where Kafka is, the prefix of our topics, and the way in; `authorities` None: those that this machine trusts."""

    servers: str
    prefix: str = "izvor"
    encrypted: bool = False
    authorities: Path | None = None
    login: Login | None = None

    @property
    def reach(self) -> dict[str, Any]:
        """What every client is told: where, how, and not to wait for half a minute where nobody is."""
        reach: dict[str, Any] = {
            "bootstrap_servers": [one.strip() for one in self.servers.split(",")],
            "bootstrap_timeout_ms": BOOTSTRAP_MS,
            "request_timeout_ms": REQUEST_MS,
            "security_protocol": ("SASL_" if self.login else "") + ("SSL" if self.encrypted else "PLAINTEXT"),
        }
        if self.authorities is not None:
            reach["ssl_cafile"] = str(self.authorities)
        if self.login is not None:
            reach["sasl_mechanism"] = self.login.mechanism
            reach["sasl_plain_username"] = self.login.user
            reach["sasl_plain_password"] = self.login.password
        return reach

    def topic(self, name: TopicName) -> str:
        return f"{self.prefix}.{name}"

    def group(self, name: str) -> str:
        """The group of all who read under one name."""
        return f"{self.prefix}-{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as it is: its id changes when somebody deletes it and it is made anew."""

    name: str
    id: str
    partitions: int


def partition_of(key: bytes, partitions: int) -> int:
    """Where a key leads, as the Java client and librdkafka's murmur2 would have it."""
    hashed: int = murmur2(key)
    return (hashed & 0x7FFFFFFF) % partitions


def provide(cluster: Cluster, names: Sequence[TopicName]) -> Mapping[TopicName, Topic]:
    """Our topics; those that are missing are made, those that are there stay as they are. Raises KafkaError."""
    with closing(KafkaAdminClient(**cluster.reach)) as admin:
        missing = [name for name in names if cluster.topic(name) not in _known(admin, cluster, names)]
        if missing:
            _make(admin, cluster, missing)
        known = _known(admin, cluster, names)
    return {name: known[cluster.topic(name)] for name in names}


def _known(admin: Any, cluster: Cluster, names: Sequence[TopicName]) -> Mapping[str, Topic]:
    return {
        one["name"]: Topic(name=one["name"], id=str(one["topic_id"]), partitions=len(one["partitions"]))
        for one in admin.describe_topics([cluster.topic(name) for name in names])
        if not one["error_code"]
    }


def _make(admin: Any, cluster: Cluster, names: Sequence[TopicName]) -> None:
    replicas = min(REPLICAS, len(admin.describe_cluster()["brokers"]))
    wanted = {
        cluster.topic(name): {
            "num_partitions": LAYOUTS[name].partitions,
            "replication_factor": replicas,
            "configs": _configs(LAYOUTS[name], replicas),
        }
        for name in names
    }
    for topic, layout in wanted.items():
        try:
            admin.create_topics({topic: layout}, wait_for_metadata=True)
        except TopicAlreadyExistsError:  # another process has just made it
            admin.wait_for_topics([topic])


def _configs(layout: Layout, replicas: int) -> Mapping[str, str]:
    kept = -1 if layout.days is None else layout.days * 24 * 3_600_000
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(kept),
        "max.message.bytes": str(layout.most_bytes),
        "min.insync.replicas": str(min(2, replicas)),
    }
