"""What Prometheus is told of the topic of commands: asked of Kafka whenever somebody wants to know."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from workers.kafka.cluster import TROUBLE, Cluster
from workers.kafka.unread import unread

CONSUMER_LAG: Final = "izvor_consumer_lag"


class ConsumerLag(Collector):
    """Nothing while Kafka is away: a wrong figure is worse than none."""

    def __init__(self, cluster: Cluster, group: str) -> None:
        self._cluster = cluster
        self._group = cluster.group(group)

    def collect(self) -> Iterator[Metric]:
        told = GaugeMetricFamily(
            CONSUMER_LAG, "Messages that were not answered yet", labels=["group", "topic", "partition"]
        )
        with suppress(*TROUBLE):
            topic = self._cluster.topic("commands")
            for partition, messages in unread(self._cluster, self._group).items():
                told.add_metric([self._group, topic, str(partition)], messages)
        yield told
