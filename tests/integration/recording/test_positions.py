"""No reader of the feed ever passes over an event that commits later: the argument, its proof, and a crowd."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import psycopg
import pytest
from psycopg import sql

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService, Outcome
from tests.support.commands import ORGANIZATION, context, draft
from tests.support.processes import ROOT, wait_until

PROCESSES = 4
THREADS = 4
COMMANDS = 60
EVENTS = PROCESSES * THREADS * COMMANDS * 2

HOLD = 4711  # an advisory lock of the test: who inserts the held stream waits for it, transaction open
HOLD_FIRST = sql.SQL("""
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(4711);
    RETURN NULL;
END $$;
CREATE TRIGGER hold AFTER INSERT ON izvor.events FOR EACH ROW
    WHEN (NEW.originator_version = 1 AND NEW.originator_id = {}) EXECUTE FUNCTION hold();
""").format(sql.Literal(draft(1).invoice_id))
CANCEL_HELD = "SELECT pg_cancel_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def hand(database: str) -> Iterator[psycopg.Connection]:
    """The hand of the test in the database, beside the ledger."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def waiting(hand: psycopg.Connection) -> int:
    row = hand.execute(WAITING).fetchone()
    assert row is not None
    return int(row[0])


def positions(ledger: Ledger) -> list[int]:
    return [one.position for one in ledger.feed(0, 1000)]


def test_a_second_append_waits_while_the_first_is_uncommitted(ledger: Ledger, hand: psycopg.Connection) -> None:
    """Why no reader can pass over an event that commits later.

    A reader that has seen position p asks for what is greater than p. It loses an event only if one with a position
    q < p becomes visible after p did. Positions are read off and used under one transaction-level lock, which
    PostgreSQL releases after the transaction has become visible (or is undone). So while q is not visible, its lock is
    held; whoever takes p > q gets the lock later, hence sees q committed: q is visible before p is even inserted.
    Rolled back positions leave no hole, since the next one counts from the largest *committed* one.

    The test stops the first append in its transaction, row inserted, and shows the second one waiting for its turn:
    with positions from a sequence, a reader would now see 3 and 4, and never 1 and 2.
    """
    hand.execute(HOLD_FIRST)
    hand.execute("SELECT pg_advisory_lock(%s)", [HOLD])
    service = InvoicingService(ledger)
    with ThreadPoolExecutor(2) as pool:
        first: Future[Outcome] = pool.submit(service.execute, draft(1), context())
        wait_until(lambda: waiting(hand) == 1)
        second: Future[Outcome] = pool.submit(service.execute, draft(2), context())
        wait_until(lambda: waiting(hand) == 2)
        assert positions(ledger) == []
        assert not first.done()
        assert not second.done()
        hand.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        assert (first.result().position, second.result().position) == (2, 4)
    assert positions(ledger) == [1, 2, 3, 4]


def test_an_append_undone_in_its_transaction_leaves_no_hole(ledger: Ledger, hand: psycopg.Connection) -> None:
    hand.execute(HOLD_FIRST)
    hand.execute("SELECT pg_advisory_lock(%s)", [HOLD])
    service = InvoicingService(ledger)
    with ThreadPoolExecutor(2) as pool:
        first: Future[Outcome] = pool.submit(service.execute, draft(1), context())
        wait_until(lambda: waiting(hand) == 1)
        second: Future[Outcome] = pool.submit(service.execute, draft(2), context())
        wait_until(lambda: waiting(hand) == 2)
        hand.execute(CANCEL_HELD, [HOLD])
        assert second.result().position == 2
        hand.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        assert first.result().position == 4
    assert positions(ledger) == [1, 2, 3, 4]


def follow(ledger: Ledger, limit: int, stop: Event) -> list[int]:
    """A tailing reader: everything it was ever handed, in the order in which it was handed it."""
    seen: list[int] = []
    while True:
        stopped = stop.is_set()
        page = [one.position for one in ledger.feed(seen[-1] if seen else 0, limit)]
        seen += page
        if stopped and not page:
            return seen


def follow_raw(ledger: Ledger, stop: Event) -> list[int]:
    """A reader of the bare table, which also sees what is not on disk yet: order must hold for it as well."""
    seen: list[int] = []
    while True:
        stopped = stop.is_set()
        page = [one.id for one in ledger.recorder.read_feed(seen[-1] if seen else 0, 1000)]
        seen += page
        if stopped and not page:
            return seen


def test_readers_beside_sixteen_writers_see_every_position_once_and_in_order(ledger: Ledger, database: str) -> None:
    argv = [sys.executable, "-m", "tests.support.writers", database]
    writers = [
        subprocess.Popen([*argv, str(number), str(THREADS), str(COMMANDS)], cwd=ROOT) for number in range(PROCESSES)
    ]
    stop = Event()
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(follow, ledger, limit, stop) for limit in (1, 7, 1000)]
        readers.append(pool.submit(follow_raw, ledger, stop))
        try:
            codes = [writer.wait(timeout=120) for writer in writers]
        finally:
            stop.set()
        lists = [reader.result() for reader in readers]
    assert codes == [0] * PROCESSES
    with psycopg.connect(database) as connection:
        table = [row[0] for row in connection.execute("SELECT notification_id FROM izvor.events ORDER BY 1")]
    assert table == list(range(1, EVENTS + 1))
    for seen in lists:
        assert seen == table


def test_an_organization_reads_its_own_events_only_and_in_order(ledger: Ledger) -> None:
    service = InvoicingService(ledger)
    other = "01940000-0000-8000-8000-000000000002"
    for reference in range(1, 4):
        service.execute(draft(reference), context())
        service.execute(draft(reference, organization_id=other), context(other))
    assert [one.position for one in ledger.feed(0, 100, ORGANIZATION)] == [1, 2, 5, 6, 9, 10]
    assert [one.position for one in ledger.feed(6, 3, other)] == [7, 8, 11]
