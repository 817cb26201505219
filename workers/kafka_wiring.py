"""How the parts that speak to Kafka are put together, where one is configured."""

from collections.abc import Callable, Mapping
from threading import Event
from typing import Final

from invoicing_domain.clock import Clock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from workers.bridge.consumer import CommandConsumer
from workers.bridge.relay import Relay
from workers.figures import WorkFigures
from workers.following.feed import Feed, StoreFeed
from workers.kafka.cluster import Cluster
from workers.kafka.feed import KafkaFeed
from workers.kafka.intake import Intake
from workers.kafka.outlet import Outlet

KAFKA_NAMES: Final = (Relay.name, CommandConsumer.name)
"""The workers that need Kafka."""


def feed_of(conninfo: str, ledger: Ledger, cluster: Cluster | None) -> Feed:
    return StoreFeed(conninfo, ledger) if cluster is None else KafkaFeed(conninfo, ledger, cluster)


def kafka_workers(
    conninfo: str, ledger: Ledger, service: InvoicingService, clock: Clock, cluster: Cluster, figures: WorkFigures
) -> Mapping[str, Callable[[Event], None]]:
    relay = Relay(
        conninfo,
        ledger,
        cluster.topic("events"),
        lambda: Outlet(cluster),
        leading=figures.leading,
        published=figures.published,
    )
    commands = CommandConsumer(
        ledger=ledger,
        service=service,
        clock=clock,
        read=lambda answer, stop: Intake(cluster, CommandConsumer.name, answer, consumed=figures.consumed).run(stop),
    )
    return {relay.name: relay.run, commands.name: commands.run}
