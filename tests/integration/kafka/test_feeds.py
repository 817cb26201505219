"""What every feed promises to those who follow it: the same tests on the event store and on a topic."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.commands import context, draft
from tests.support.topics import running
from workers.bridge.relay import Relay
from workers.following.feed import Batch, Feed, Overtaken, StoreFeed
from workers.kafka.cluster import Cluster
from workers.kafka.feed import KafkaFeed
from workers.kafka.outlet import Outlet

NAME = "readers"


@pytest.fixture(params=["store", "kafka"])
def feed(request: pytest.FixtureRequest, database: str, ledger: Ledger, cluster: Cluster) -> Iterator[Feed]:
    if request.param == "store":
        yield StoreFeed(database, ledger, batch_size=3)
        return
    with running(Relay(database, ledger, cluster.topic("events"), lambda: Outlet(cluster))):
        yield KafkaFeed(database, ledger, cluster, batch_size=3)


def record(ledger: Ledger, *references: int) -> list[str]:
    service = InvoicingService(ledger)
    return [service.execute(draft(reference), context()).stream_id for reference in references]


def take(feed: Feed, connection: psycopg.Connection[Any], count: int, name: str = NAME) -> list[tuple[str, int]]:
    """Follow until `count` facts were taken, saving each batch."""
    taken: list[tuple[str, int]] = []
    stop = Event()
    for batch in feed.follow(name, stop):
        with connection.transaction():
            batch.save(connection)
        taken += [(one.originator_id, one.originator_version) for one in batch.facts]
        if len(taken) >= count:
            stop.set()
    return taken


def first_batch(feed: Feed, name: str = NAME) -> Batch:
    return next(iter(feed.follow(name, Event())))


def test_a_follower_gets_every_fact_once_and_each_stream_in_order(
    feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]
) -> None:
    streams = record(ledger, 1, 2, 3, 4)
    taken = take(feed, connection, 8)
    assert sorted(taken) == sorted((stream, version) for stream in streams for version in (1, 2))
    assert all([version for stream, version in taken if stream == one] == [1, 2] for one in streams)


def test_a_fact_is_whole(feed: Feed, ledger: Ledger) -> None:
    record(ledger, 1)
    [stored, *_] = ledger.feed(0, 1)
    [followed, *_] = first_batch(feed).facts
    assert (followed.fact, followed.meta, followed.position) == (stored.fact, stored.meta, stored.position)


def test_a_batch_that_was_not_saved_comes_again(
    feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]
) -> None:
    record(ledger, 1)
    stop = Event()
    following = feed.follow(NAME, stop)
    first = next(following)
    again = next(following)
    assert again.facts[0].position == first.facts[0].position
    with connection.transaction(force_rollback=True):
        again.save(connection)
    assert next(following).facts[0].position == first.facts[0].position


def test_a_follower_goes_on_where_it_has_saved_its_place(
    feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]
) -> None:
    record(ledger, 1, 2)
    before = take(feed, connection, 4)
    record(ledger, 3)
    assert not {stream for stream, _ in before} & {stream for stream, _ in take(feed, connection, 2)}


def test_followers_do_not_disturb_each_other(feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]) -> None:
    record(ledger, 1, 2)
    assert sorted(take(feed, connection, 4, "one")) == sorted(take(feed, connection, 4, "other"))


def test_who_was_overtaken_by_another_of_its_name_cannot_save(
    feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]
) -> None:
    record(ledger, 1)
    slow = first_batch(feed)
    take(feed, connection, 2)
    with pytest.raises(Overtaken):
        slow.save(connection)


def test_a_fact_that_is_recorded_while_a_follower_waits_reaches_it(
    feed: Feed, ledger: Ledger, connection: psycopg.Connection[Any]
) -> None:
    taken: list[tuple[str, int]] = []
    waiting = Thread(target=lambda: taken.extend(take(feed, connection, 2)))
    waiting.start()
    [stream] = record(ledger, 1)
    waiting.join(timeout=60)
    assert taken == [(stream, 1), (stream, 2)]


def test_a_follower_that_is_told_to_stop_while_it_waits_stops(feed: Feed) -> None:
    stop = Event()
    waiting = Thread(target=lambda: list(feed.follow(NAME, stop)))
    waiting.start()
    stop.set()
    waiting.join(timeout=60)
    assert not waiting.is_alive()
