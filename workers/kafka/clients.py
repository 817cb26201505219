"""Clients of the library that more than one of our parts needs, each set up in one place."""

from collections.abc import Sequence
from typing import Any, Final

from kafka import KafkaConsumer, KafkaProducer

from workers.kafka.cluster import MOST_BYTES_DEAD, REQUEST_MS, Cluster

_DELIVERY_MS: Final = REQUEST_MS + 1_000


def reader(cluster: Cluster) -> Any:
    """A consumer of no group, which looks at what is there."""
    return KafkaConsumer(
        **cluster.reach,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="latest",
        isolation_level="read_committed",
        allow_auto_create_topics=False,
    )


def producer(cluster: Cluster) -> Any:
    """For single records, each acknowledged by all replicas that count, in their order, perhaps twice.

    Idempotent it is not: a topic that refuses one record for good would end such a producer.
    """
    return KafkaProducer(
        **cluster.reach,
        acks="all",
        enable_idempotence=False,
        max_in_flight_requests_per_connection=1,
        linger_ms=5,
        max_request_size=MOST_BYTES_DEAD,
        delivery_timeout_ms=_DELIVERY_MS,
        max_block_ms=REQUEST_MS,
    )


def delivered(sender: Any, sent: Sequence[Any]) -> Sequence[Any]:
    """Where the records are, when all of them are there; raises KafkaError."""
    sender.flush(timeout=_DELIVERY_MS / 1000)
    return [one.get(timeout=0) for one in sent]
