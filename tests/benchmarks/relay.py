"""How fast the relay publishes facts to a broker on this machine, and how long a fact takes on an idle system."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

import psycopg
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.benchmarks.harness import Bench, Figure, per_second
from tests.kafka.broker import Broker
from tests.support.commands import context, draft, register_organization
from tests.support.processes import finish, python, wait_until
from workers.kafka.cluster import Cluster, partition_of, provide
from workers.kafka.records import Record, record_of

DRAFTS: Final = 10_000
CLIENTS: Final = 4
LATENCIES: Final = 200
IDLE_SECONDS: Final = 0.05
GOAL_PER_SECOND: Final = 5_000
GOAL_MS: Final = 50.0

RELAY: Final = """
import sys
from threading import Event
from invoicing_domain.recording.application import Ledger
from workers.kafka.cluster import Cluster
from workers.kafka.outlet import Outlet
from workers.bridge.relay import Relay
url, servers, prefix = sys.argv[1:]
cluster = Cluster(servers=servers, prefix=prefix)
Relay(url, Ledger(url), cluster.topic("events"), lambda: Outlet(cluster)).run(Event())
"""


def measure(bench: Bench) -> Iterator[Figure]:
    with bench.database() as url, Ledger(url) as ledger, Broker(bench.home / "kafka") as broker:
        service = InvoicingService(ledger)
        service.execute(register_organization(), context())
        record(service, bench.size(DRAFTS))
        with psycopg.connect(url, autocommit=True) as connection:
            yield _throughput(bench, url, ledger, broker, connection)
            yield _latency(bench, url, service, broker, connection)


def record(service: InvoicingService, drafts: int) -> None:
    references = iter(range(1, drafts + 1))
    per_second(CLIENTS, [lambda: service.execute(draft(next(references)), context())] * drafts)


def _throughput(bench: Bench, url: str, ledger: Ledger, broker: Broker, connection: psycopg.Connection[Any]) -> Figure:
    records = [record_of(one) for one in ledger.feed_as_stored(0, 1_000_000)]
    ours, raw = [], []
    for number in range(bench.rounds):
        ours.append(_relayed(url, Cluster(servers=broker.address, prefix=f"ours{number}"), connection))
        raw.append(_produced(Cluster(servers=broker.address, prefix=f"raw{number}"), records))
    median = statistics.median(ours)
    return Figure(
        name="facts relayed to Kafka",
        unit="facts/s",
        ours=median,
        raw=statistics.median(raw),
        raw_name="the same producer, given ready records",
        share=statistics.median(mine / bare for mine, bare in zip(ours, raw, strict=True)),
        goal=f">= {GOAL_PER_SECOND:,}/s",
        reached=median >= GOAL_PER_SECOND,
    )


def _relayed(url: str, cluster: Cluster, connection: psycopg.Connection[Any]) -> float:
    """From the first facts that were acknowledged to the last ones."""
    topic = cluster.topic("events")
    relay = python(RELAY, url, cluster.servers, cluster.prefix)
    try:
        wait_until(lambda: _position(connection, topic) > 0)
        first, began = _position(connection, topic), time.perf_counter()
        wait_until(lambda: _caught_up(connection, topic))
        return (_position(connection, topic) - first) / (time.perf_counter() - began)
    finally:
        finish(relay)


def _produced(cluster: Cluster, records: Sequence[Record]) -> float:
    topic = provide(cluster, ["events"])["events"]
    with closing(KafkaProducer(**cluster.reach, acks="all", linger_ms=5, batch_size=1 << 20)) as producer:
        began = time.perf_counter()
        for one in records:
            partition = partition_of(one.key, topic.partitions)
            producer.send(topic.name, key=one.key, value=one.value, headers=list(one.headers), partition=partition)
        producer.flush()
        return len(records) / (time.perf_counter() - began)


def _latency(
    bench: Bench, url: str, service: InvoicingService, broker: Broker, connection: psycopg.Connection[Any]
) -> Figure:
    cluster = Cluster(servers=broker.address, prefix="idle")
    topic = provide(cluster, ["events"])["events"]
    relay = python(RELAY, url, cluster.servers, cluster.prefix)
    try:
        wait_until(lambda: _caught_up(connection, topic.name))
        with closing(KafkaConsumer(**cluster.reach, enable_auto_commit=False, fetch_max_wait_ms=100)) as consumer:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            consumer.assign(partitions)
            for partition, end in consumer.end_offsets(partitions).items():
                consumer.seek(partition, end)
            lags = [_lag(service, consumer, 1_000_000 + number) for number in range(bench.size(LATENCIES))]
    finally:
        finish(relay)
    median = statistics.median(lags)
    return Figure(
        name="commit to Kafka, idle",
        unit="ms",
        ours=median,
        goal=f"< {GOAL_MS:.0f} ms",
        reached=median < GOAL_MS,
        better="less",
        notes={"p95": statistics.quantiles(lags, n=20)[-1], "max": max(lags)},
    )


def _lag(service: InvoicingService, consumer: Any, reference: int) -> float:
    time.sleep(IDLE_SECONDS)
    consumer.poll(timeout_ms=0)
    service.execute(draft(reference), context())
    began, seen = time.perf_counter(), 0
    while seen < 2:
        seen += sum(len(records) for records in consumer.poll(timeout_ms=1_000).values())
    return (time.perf_counter() - began) * 1000


def _position(connection: psycopg.Connection[Any], topic: str) -> int:
    row = connection.execute("SELECT position FROM work.relay WHERE topic = %s", (topic,)).fetchone()
    return 0 if row is None else int(row[0])


def _caught_up(connection: psycopg.Connection[Any], topic: str) -> bool:
    return connection.execute("SELECT izvor.head()").fetchone() == (_position(connection, topic),)
