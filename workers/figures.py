"""Figures of jobs, relay and consumer for Prometheus.

What the database knows is asked of it whenever somebody wants to know, and is the same from each process; what this
process did is counted as it happens.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain.clock import SystemClock
from invoicing_domain.figures import CommandFigures
from workers.bridge.relay import lag

JOBS_READY: Final = "izvor_jobs_ready"
JOBS_OLDEST: Final = "izvor_jobs_oldest_age_seconds"
JOBS_DEAD: Final = "izvor_jobs_dead"
JOBS_IN_DOUBT: Final = "izvor_jobs_in_doubt"
JOBS_ATTEMPTS: Final = "izvor_jobs_attempts_total"
CIRCUIT: Final = "izvor_circuit_state"
RELAY_LAG: Final = "izvor_relay_lag_events"
RELAY_OLDEST: Final = "izvor_relay_oldest_unpublished_seconds"
RELAY_LEADER: Final = "izvor_relay_leader"
RELAY_PUBLISHED: Final = "izvor_relay_published_total"
CONSUMER_RECORDS: Final = "izvor_consumer_records_total"

_QUEUES: Final = """
SELECT queue,
       count(*) FILTER (WHERE status = 'ready'),
       coalesce(extract(epoch FROM clock_timestamp() - min(run_at) FILTER (WHERE status = 'ready')), 0)::float8,
       count(*) FILTER (WHERE status = 'dead'),
       count(*) FILTER (WHERE status = 'in_doubt')
  FROM work.job GROUP BY queue
"""
_CIRCUITS: Final = "SELECT name, coalesce(opened_until > clock_timestamp(), false)::integer FROM work.destination"


class WorkFigures:
    """What the workers of this process count."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.commands = CommandFigures(self.registry)
        self.leads = False
        """Whether the relay of this process publishes, or stands by for the one that does."""
        self.halted: str | None = None
        """Why the consumer of this process reads no commands any more."""
        self._attempts = Counter(
            JOBS_ATTEMPTS, "Attempts of jobs, by what came of them", ("queue", "outcome"), registry=self.registry
        )
        self._leader = Gauge(RELAY_LEADER, "1: the relay of this process publishes", registry=self.registry)
        self._published = Counter(RELAY_PUBLISHED, "Facts handed over to Kafka", registry=self.registry)
        self._records = Counter(
            CONSUMER_RECORDS, "Messages with commands, by what came of them", ("outcome",), registry=self.registry
        )

    def attempted(self, queue: str, outcome: str) -> None:
        self._attempts.labels(queue, outcome).inc()

    def leading(self, leads: bool) -> None:
        self.leads = leads
        self._leader.set(leads)

    def halt(self, why: str) -> None:
        self.halted = f"halted: {why}"

    def published(self, facts: int) -> None:
        self._published.inc(facts)

    def consumed(self, outcome: str) -> None:
        self._records.labels(outcome).inc()


class BookFigures(Collector):
    """`connecting` gives a connection of its own for each question, or fails: then there are no figures."""

    def __init__(self, connecting: Callable[[], Connection[Any]], topic: str | None = None) -> None:
        self._connecting = connecting
        self._topic = topic

    def collect(self) -> Iterator[Metric]:
        with self._connecting() as connection:
            yield from _jobs(connection)
            yield _circuits(connection)
            if self._topic is not None:
                behind = lag(connection, self._topic, SystemClock().now())
                yield GaugeMetricFamily(RELAY_LAG, "Facts that Kafka does not have yet", value=behind.facts)
                yield GaugeMetricFamily(RELAY_OLDEST, "Age of the oldest of them", value=behind.seconds)


def _jobs(connection: Connection[Any]) -> Iterator[Metric]:
    told = (
        GaugeMetricFamily(JOBS_READY, "Jobs that wait for their turn or their time", labels=["queue"]),
        GaugeMetricFamily(JOBS_OLDEST, "How long the first of them is overdue", labels=["queue"]),
        GaugeMetricFamily(JOBS_DEAD, "Jobs refused for good", labels=["queue"]),
        GaugeMetricFamily(JOBS_IN_DOUBT, "Jobs that may or may not have gone out", labels=["queue"]),
    )
    for queue, *values in connection.cursor(row_factory=tuple_row).execute(_QUEUES).fetchall():
        for figure, value in zip(told, values, strict=True):
            figure.add_metric([queue], max(float(value), 0.0))
    yield from told


def _circuits(connection: Connection[Any]) -> Metric:
    told = GaugeMetricFamily(CIRCUIT, "1: open, nothing is sent there for a while", labels=["destination"])
    for name, is_open in connection.cursor(row_factory=tuple_row).execute(_CIRCUITS).fetchall():
        told.add_metric([name], is_open)
    return told
