"""The relay against a real broker: every fact arrives, in order, whoever dies in between."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import pytest
from kafka import KafkaAdminClient

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import context, draft
from tests.support.processes import finish, line_of, python, wait_until
from tests.support.topics import Reader, running
from workers.bridge.relay import AheadOfStore, Relay, lag
from workers.kafka.cluster import Cluster, Topic, provide
from workers.kafka.outlet import Outlet
from workers.kafka.records import Record

RELAY = """
import sys
from threading import Event
from invoicing_domain.recording.application import Ledger
from workers.kafka.cluster import Cluster
from workers.kafka.outlet import Outlet
from workers.bridge.relay import Relay
url, servers, prefix = sys.argv[1:]
cluster = Cluster(servers=servers, prefix=prefix)
print("here", flush=True)
Relay(url, Ledger(url), cluster.topic("events"), lambda: Outlet(cluster)).run(Event())
"""


CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def relay_on(database: str, ledger: Ledger, cluster: Cluster) -> Relay:
    return Relay(database, ledger, cluster.topic("events"), lambda: Outlet(cluster))


def record(ledger: Ledger, *references: int) -> None:
    service = InvoicingService(ledger)
    for reference in references:
        service.execute(draft(reference, lines=3), context())


def published(connection: psycopg.Connection[Any], cluster: Cluster) -> int:
    row = connection.execute("SELECT position FROM work.relay WHERE topic = %s", (cluster.topic("events"),)).fetchone()
    return 0 if row is None else int(row[0])


def recorded(ledger: Ledger) -> list[tuple[str, int]]:
    return sorted((one.originator_id, one.originator_version) for one in ledger.feed(0, 100_000))


def caught_up(connection: psycopg.Connection[Any], cluster: Cluster) -> bool:
    return connection.execute("SELECT izvor.head()").fetchone() == (published(connection, cluster),)


@dataclass
class Dying:
    """An outlet whose process ends after the acknowledgement, before anybody writes down that it came."""

    inner: Outlet
    deaths: int

    @property
    def topic(self) -> Topic:
        return self.inner.topic

    def partition(self, key: bytes) -> int:
        return self.inner.partition(key)

    def tails(self) -> Mapping[int, int]:
        return self.inner.tails()

    def publish(self, records: Sequence[Record]) -> None:
        self.inner.publish(records)
        self.deaths -= 1
        if not self.deaths:
            raise DeathError

    def close(self) -> None:
        self.inner.close()


class DeathError(Exception):
    pass


def test_every_fact_is_published_once_and_each_stream_in_order(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    record(ledger, *range(1, 30))
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
        record(ledger, *range(30, 40))
        wait_until(lambda: caught_up(connection, cluster))
    assert reader.facts() == recorded(ledger)
    assert reader.in_order()


def test_who_dies_between_the_acknowledgement_and_the_row_leaves_no_duplicate(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    record(ledger, *range(1, 20))
    relay = Relay(database, ledger, cluster.topic("events"), lambda: Dying(Outlet(cluster), deaths=2), batch_size=20)
    with pytest.raises(DeathError):
        relay.run(Event())
    assert published(connection, cluster) == 20
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    assert reader.facts() == recorded(ledger)
    assert reader.in_order()


def test_who_dies_with_the_row_lost_leaves_no_duplicate_either(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    record(ledger, *range(1, 10))
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    connection.execute("UPDATE work.relay SET position = 0, digest = ''")
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    assert reader.facts() == recorded(ledger)


def test_of_two_relays_one_publishes_and_the_other_takes_over_when_it_is_killed(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    both: list[subprocess.Popen[str]] = []
    try:
        for _ in range(2):
            both.append(python(RELAY, database, cluster.servers, cluster.prefix))
            assert line_of(both[-1]) == "here"
            record(ledger, *range(1 + 10 * len(both), 11 + 10 * len(both)))
            wait_until(lambda: caught_up(connection, cluster))
        both[0].kill()
        record(ledger, *range(31, 41))
        wait_until(lambda: caught_up(connection, cluster))
    finally:
        for one in both:
            finish(one)
    assert reader.facts() == recorded(ledger)
    assert reader.in_order()


def test_a_relay_whose_sessions_are_cut_off_goes_on_with_new_ones(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    with Ledger(database) as its_own, running(relay_on(database, its_own, cluster)):
        for number in range(1, 4):
            record(ledger, number)
            wait_until(lambda: caught_up(connection, cluster))
            connection.execute(CUT_OFF)
    assert reader.facts() == recorded(ledger)


def test_a_relay_that_is_ahead_of_the_store_refuses(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any]
) -> None:
    record(ledger, 1)
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    connection.execute("UPDATE work.relay SET position = position + 1")
    with pytest.raises(AheadOfStore, match="up to fact 5, which this database does not hold"):
        relay_on(database, ledger, cluster).run(Event())


def test_a_store_that_lost_commits_and_recorded_others_is_noticed(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any]
) -> None:
    record(ledger, 1)
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    connection.execute("UPDATE work.relay SET digest = sha256('another fact at this position')")
    with pytest.raises(AheadOfStore):
        relay_on(database, ledger, cluster).run(Event())


def test_facts_that_are_recorded_while_the_broker_is_away_arrive_when_it_is_back(
    database: str, ledger: Ledger, connection: psycopg.Connection[Any], tmp_path: Path
) -> None:
    with Broker(tmp_path) as broker:
        cluster = Cluster(servers=broker.address)
        with running(relay_on(database, ledger, cluster)):
            record(ledger, 1)
            wait_until(lambda: caught_up(connection, cluster))
            for kill in (broker.stop, broker.kill):
                kill()
                record(ledger, *range(published(connection, cluster), published(connection, cluster) + 3))
                broker.start()
                wait_until(lambda: caught_up(connection, cluster))
        assert Reader(cluster).facts() == recorded(ledger)
        assert Reader(cluster).in_order()


def test_a_relay_without_a_broker_stops_when_it_is_told_to(database: str, ledger: Ledger, tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    with running(relay_on(database, ledger, Cluster(servers=broker.address))):
        record(ledger, 1)


def test_a_topic_that_was_deleted_is_made_anew_and_filled_from_the_first_fact(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any], reader: Reader
) -> None:
    record(ledger, 1, 2, 3)
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    admin = KafkaAdminClient(**cluster.reach)
    admin.delete_topics([cluster.topic("events")])
    wait_until(lambda: cluster.topic("events") not in admin.list_topics())
    admin.close()
    record(ledger, 4)
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: len(reader.all()) == 16 if caught_up(connection, cluster) else False)
    assert reader.facts() == recorded(ledger)


def test_the_lag_is_the_number_of_facts_and_the_age_of_the_oldest(
    database: str, ledger: Ledger, cluster: Cluster, connection: psycopg.Connection[Any]
) -> None:
    now = context().at + timedelta(minutes=5)
    assert lag(connection, cluster.topic("events"), now).facts == 0
    record(ledger, 1)
    behind = lag(connection, cluster.topic("events"), now)
    assert (behind.facts, behind.seconds) == (4, 300.0)
    with running(relay_on(database, ledger, cluster)):
        wait_until(lambda: caught_up(connection, cluster))
    assert lag(connection, cluster.topic("events"), now).facts == 0


def test_topics_are_made_once_and_left_as_they_are(cluster: Cluster) -> None:
    first = provide(cluster, ["events", "dead-letters"])
    assert {name: topic.partitions for name, topic in first.items()} == {"events": 12, "dead-letters": 3}
    assert provide(cluster, ["events", "dead-letters"]) == first
    assert UUID(first["events"].id) != UUID(first["dead-letters"].id)
