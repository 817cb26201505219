"""Figures of HTTP and of the pool of connections for Prometheus, and how those of all processes of a server are told.

The processes of one HTTP server write their figures into files of one folder, where whoever is asked adds them up: the
library decides that by `PROMETHEUS_MULTIPROC_DIR` when it is imported, so it is set before (`deploy/http.py`).
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool, PoolTimeout

from invoicing_domain.figures import BUCKETS, CommandFigures
from projections.feed import head

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

REQUEST_SECONDS: Final = "http_server_request_duration_seconds"
MAX_POSITION: Final = "izvor_store_max_position"
Stats = Mapping[str, int]

POOL: Final[Mapping[str, tuple[Callable[[Stats], float], str]]] = {
    "izvor_db_pool_size": (lambda stats: stats.get("pool_size", 0), "Connections for queries that there are"),
    "izvor_db_pool_used": (
        lambda stats: stats.get("pool_size", 0) - stats.get("pool_available", 0),
        "Connections for queries that somebody uses",
    ),
    "izvor_db_pool_waiting": (
        lambda stats: stats.get("requests_waiting", 0),
        "Requests that wait for a connection",
    ),
    "izvor_db_pool_wait_seconds": (
        lambda stats: stats.get("requests_wait_ms", 0) / 1000,
        "Time spent in waiting for connections since the start",
    ),
}

_POOL_EVERY_SECONDS: Final = 1.0

Pool = ConnectionPool[Connection[Any]]


class ApiFigures:
    """What one process of the API counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.commands = CommandFigures(self.registry)
        self._requests = Histogram(
            REQUEST_SECONDS,
            "From the first line of a request to its answer",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self._pool = {
            name: Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")
            for name, (_, text) in POOL.items()
        }
        self._pool_told_at = -_POOL_EVERY_SECONDS

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).observe(seconds)

    def tell_pool(self, pool: Pool) -> None:
        """Once a second is enough: asking the pool takes longer than a request should care about."""
        now = time.monotonic()
        if now >= self._pool_told_at + _POOL_EVERY_SECONDS:
            self._pool_told_at = now
            stats = pool.get_stats()
            for name, (said, _) in POOL.items():
                self._pool[name].set(said(stats))

    def exposition(self, pool: Pool) -> bytes:
        """All figures of the server that this process belongs to, and where the feed ends."""
        self._pool_told_at = -_POOL_EVERY_SECONDS
        self.tell_pool(pool)
        counted = self.registry
        if FOLDER in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        asked = CollectorRegistry()
        asked.register(_Store(pool))
        return generate_latest(counted) + generate_latest(asked)


class _Store(Collector):
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """Nothing while the database is away: a wrong figure is worse than none."""
        try:
            with self._pool.connection(timeout=1) as connection:
                position = head(connection)
        except (PoolTimeout, Error):
            return
        yield GaugeMetricFamily(MAX_POSITION, "Position of the last fact recorded", value=position)
