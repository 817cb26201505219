"""Followers of the topic when things go wrong: nothing lost, nothing taken twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from kafka import KafkaAdminClient
from psycopg_pool import ConnectionPool

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import context, draft
from tests.support.processes import wait_until
from tests.support.reminders import work_pool
from tests.support.topics import running
from workers.bridge.relay import Relay
from workers.following.feed import Feed, Overtaken, StoreFeed
from workers.kafka.cluster import Cluster
from workers.kafka.feed import KafkaFeed
from workers.kafka.outlet import Outlet

TAKEN = "CREATE TABLE taken (stream text, version bigint)"
TAKE = "INSERT INTO taken VALUES (%s, %s)"


class Follower:
    """Writes down what it gets, in the transaction that saves its place."""

    def __init__(self, feed: Feed, pool: ConnectionPool[Any], name: str = "bookkeeper") -> None:
        self._feed = feed
        self._pool = pool
        self._name = name

    def run(self, stop: Event) -> None:
        for batch in self._feed.follow(self._name, stop):
            try:
                with self._pool.connection() as connection, connection.transaction():
                    for one in batch.facts:
                        connection.execute(TAKE, (one.originator_id, one.originator_version))
                    batch.save(connection)
            except Overtaken:
                continue


@pytest.fixture
def pool(database: str, connection: psycopg.Connection[Any]) -> Iterator[ConnectionPool[Any]]:
    connection.execute(TAKEN)
    with work_pool(database) as pool:
        yield pool


@pytest.fixture
def relay(database: str, ledger: Ledger, cluster: Cluster) -> Relay:
    return Relay(database, ledger, cluster.topic("events"), lambda: Outlet(cluster))


def record(ledger: Ledger, *references: int) -> None:
    service = InvoicingService(ledger)
    for reference in references:
        service.execute(draft(reference), context())


def taken(pool: ConnectionPool[Any]) -> Counter[tuple[str, int]]:
    with pool.connection() as connection:
        return Counter(connection.execute("SELECT stream, version FROM taken").fetchall())


def recorded(ledger: Ledger) -> Counter[tuple[str, int]]:
    return Counter((one.originator_id, one.originator_version) for one in ledger.feed(0, 10_000))


def took_everything_once(pool: ConnectionPool[Any], ledger: Ledger) -> bool:
    return taken(pool) == recorded(ledger)


def test_two_followers_of_one_name_share_the_work_also_when_one_leaves(
    database: str, ledger: Ledger, cluster: Cluster, pool: ConnectionPool[Any], relay: Relay
) -> None:
    def another() -> Follower:
        return Follower(KafkaFeed(database, ledger, cluster, batch_size=5), pool)

    with running(relay), running(another()):
        record(ledger, *range(1, 20))
        with running(another()):
            record(ledger, *range(20, 60))
            wait_until(lambda: sum(taken(pool).values()) > 60)
        record(ledger, *range(60, 80))
        wait_until(lambda: took_everything_once(pool, ledger))


def test_a_follower_changes_from_the_store_to_the_topic_and_sees_nothing_twice(
    database: str, ledger: Ledger, cluster: Cluster, pool: ConnectionPool[Any], relay: Relay
) -> None:
    record(ledger, 1, 2, 3)
    with running(Follower(StoreFeed(database, ledger), pool)):
        wait_until(lambda: took_everything_once(pool, ledger))
    record(ledger, 4, 5)
    with running(relay), running(Follower(KafkaFeed(database, ledger, cluster), pool)):
        wait_until(lambda: took_everything_once(pool, ledger))
        record(ledger, 6)
        wait_until(lambda: took_everything_once(pool, ledger))


def test_without_a_relay_the_store_gives_what_the_topic_owes_and_the_topic_does_not_repeat_it(
    database: str, ledger: Ledger, cluster: Cluster, pool: ConnectionPool[Any], relay: Relay
) -> None:
    feed = KafkaFeed(database, ledger, cluster, batch_size=4, patience_seconds=0.1)
    with running(Follower(feed, pool)):
        record(ledger, *range(1, 8))
        wait_until(lambda: took_everything_once(pool, ledger))
        with running(relay):
            record(ledger, *range(8, 12))
            wait_until(lambda: took_everything_once(pool, ledger))
    with running(relay), running(Follower(KafkaFeed(database, ledger, cluster), pool)):
        record(ledger, 12)
        wait_until(lambda: took_everything_once(pool, ledger))


def test_a_follower_goes_on_while_the_broker_is_away_and_afterwards(
    database: str, ledger: Ledger, pool: ConnectionPool[Any], tmp_path: Path
) -> None:
    broker = Broker(tmp_path)
    cluster = Cluster(servers=broker.address)
    relay = Relay(database, ledger, cluster.topic("events"), lambda: Outlet(cluster))
    with running(relay), running(Follower(KafkaFeed(database, ledger, cluster, patience_seconds=0.1), pool)):
        record(ledger, 1, 2)
        wait_until(lambda: took_everything_once(pool, ledger))
        with broker:
            record(ledger, 3, 4)
            wait_until(lambda: took_everything_once(pool, ledger))
            with psycopg.connect(database) as connection:
                wait_until(lambda: row_of(connection) == 8)
        record(ledger, 5)
        wait_until(lambda: took_everything_once(pool, ledger))


def row_of(connection: psycopg.Connection[Any]) -> int:
    with connection.transaction():
        row = connection.execute("SELECT max(position) FROM work.relay").fetchone()
    return 0 if row is None or row[0] is None else int(row[0])


def test_a_topic_that_was_made_anew_brings_nothing_twice_and_leaves_nothing_out(
    database: str, ledger: Ledger, cluster: Cluster, pool: ConnectionPool[Any], relay: Relay
) -> None:
    follower = Follower(KafkaFeed(database, ledger, cluster, patience_seconds=60), pool)
    with running(relay), running(follower):
        record(ledger, *range(1, 10))
        wait_until(lambda: took_everything_once(pool, ledger))
    delete(cluster)
    record(ledger, *range(10, 20))
    with running(relay), running(follower):
        wait_until(lambda: took_everything_once(pool, ledger))


def delete(cluster: Cluster) -> None:
    admin = KafkaAdminClient(**cluster.reach)
    admin.delete_topics([cluster.topic("events")])
    wait_until(lambda: cluster.topic("events") not in admin.list_topics())
    admin.close()
