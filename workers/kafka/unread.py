"""How far a group is behind the end of the topic of commands: by what Kafka knows, also when nobody reads any more."""

from collections.abc import Mapping
from contextlib import closing
from typing import Final

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec

from workers.kafka.cluster import Cluster

ANSWER_MS: Final = 2_000
"""Whoever asks is told all the rest soon, also when Kafka is away."""


def unread(cluster: Cluster, group: str) -> Mapping[int, int]:
    """Messages that wait in each partition. Raises KafkaError."""
    hurried = {**cluster.reach, "bootstrap_timeout_ms": ANSWER_MS, "request_timeout_ms": ANSWER_MS}
    with closing(KafkaAdminClient(**hurried)) as admin:
        topic = cluster.topic("commands")
        [known] = admin.describe_topics([topic])
        partitions = [TopicPartition(topic, one["partition_index"]) for one in known["partitions"]]
        read = admin.list_group_offsets({group: partitions})[group] if partitions else {}
        first = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        end = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    return {
        one.partition: end[one].offset - max(first[one].offset, read[one].offset if one in read else 0)
        for one in partitions
    }
