"""How the parts that speak to Kafka are put together, where one is configured."""

from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.clock import Clock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from workers.bridge.consumer import CommandConsumer
from workers.bridge.dead_letters import QUEUE as DEAD_LETTERS
from workers.bridge.dead_letters import DeadLetters
from workers.bridge.relay import Relay
from workers.figures import WorkFigures
from workers.following.feed import Feed, StoreFeed
from workers.jobs.book import Jobs
from workers.jobs.runner import JobRunner
from workers.kafka.cluster import Cluster
from workers.kafka.dead_letters import DeadLetterOffice
from workers.kafka.feed import KafkaFeed
from workers.kafka.intake import Intake
from workers.kafka.outlet import Outlet

KAFKA_NAMES: Final = (Relay.name, CommandConsumer.name, DEAD_LETTERS)
"""The workers that need Kafka."""


def feed_of(conninfo: str, ledger: Ledger, cluster: Cluster | None) -> Feed:
    return StoreFeed(conninfo, ledger) if cluster is None else KafkaFeed(conninfo, ledger, cluster)


def kafka_workers(
    *,
    conninfo: str,
    ledger: Ledger,
    service: InvoicingService,
    clock: Clock,
    pool: ConnectionPool[Connection[Any]],
    jobs: Jobs,
    cluster: Cluster,
    figures: WorkFigures,
) -> Mapping[str, Callable[[Event], object]]:
    """Dead letters have a runner of their own: no mail is to wait for a broker."""
    relay = Relay(
        conninfo,
        ledger,
        cluster.topic("events"),
        lambda: Outlet(cluster),
        leading=figures.leading,
        published=figures.published,
    )
    letters = DeadLetters(pool=pool, ledger=ledger, clock=clock, office=DeadLetterOffice(cluster))
    commands = CommandConsumer(
        ledger=ledger,
        service=service,
        clock=clock,
        read=lambda answer, stop: Intake(
            cluster, CommandConsumer.name, answer, letters.bury, consumed=figures.consumed
        ).run(stop),
        halted=figures.halt,
    )
    again = JobRunner(jobs=jobs, handlers=[letters], clock=clock, attempted=figures.attempted)
    return {relay.name: relay.run, commands.name: commands.run, letters.queue: again.run_once}
