"""What the event library expects of a recorder, and what the store refuses to anybody."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event

import psycopg
import pytest

from invoicing_domain.recording.application import Change, Ledger, UnsafeSetting
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.recorder import Conflict
from invoicing_domain.service import InvoicingService
from tests.support.commands import ORGANIZATION, OTHER_ORGANIZATION, context, draft

DRAFTED, LINE_ADDED = "invoice.drafted/1", "invoice.line_added/1"


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Ten positions: five drafts of one line."""
    service = InvoicingService(ledger)
    for reference in range(1, 6):
        service.execute(draft(reference), context())
    return ledger


def select(ledger: Ledger) -> Callable[..., list[int]]:
    def ids(*arguments: object, **options: object) -> list[int]:
        found: Sequence[object] = ledger.recorder.select_notifications(*arguments, **options)  # type: ignore[arg-type]
        return [one.id for one in found]  # type: ignore[attr-defined]

    return ids


def test_notifications_begin_where_they_are_asked_to(filled: Ledger) -> None:
    ids = select(filled)
    assert ids(None, 100) == list(range(1, 11))
    assert ids(1, 100) == list(range(1, 11))
    assert ids(4, 3) == [4, 5, 6]
    assert ids(4, 3, inclusive_of_start=False) == [5, 6, 7]
    assert ids(0, 2) == [1, 2]
    assert ids(11, 100) == []
    assert filled.recorder.max_notification_id() == 10


def test_notifications_end_where_they_are_asked_to(filled: Ledger) -> None:
    ids = select(filled)
    assert ids(3, 100, 5) == [3, 4, 5]
    assert ids(None, 2, 5) == [1, 2]
    assert ids(3, 100, 2) == []


def test_notifications_are_chosen_by_topic_before_they_are_counted(filled: Ledger) -> None:
    ids = select(filled)
    assert ids(None, 3, topics=[LINE_ADDED]) == [2, 4, 6]
    assert ids(3, 100, 8, topics=(DRAFTED,)) == [3, 5, 7]
    assert ids(None, 4, topics=[DRAFTED, LINE_ADDED]) == [1, 2, 3, 4]
    assert ids(None, 4, topics=["invoice.sent/1"]) == []


def test_a_store_without_events_has_no_largest_position(ledger: Ledger) -> None:
    assert ledger.recorder.max_notification_id() is None
    assert ledger.feed(0, 10) == []


def test_events_of_a_stream_come_in_both_directions_and_between_bounds(filled: Ledger) -> None:
    InvoicingService(filled).execute(draft(6, lines=4), context())
    stream = draft(6).invoice_id
    select = filled.recorder.select_events
    found = [
        select(stream),
        select(stream, gt=3),
        select(stream, lte=2),
        select(stream, gt=1, lte=4),
        select(stream, desc=True, limit=2),
        select(stream, gt=5),
    ]
    versions = [[one.originator_version for one in events] for events in found]
    assert versions == [[1, 2, 3, 4, 5], [4, 5], [1, 2], [2, 3, 4], [5, 4], []]


def test_a_subscription_of_the_library_sees_what_was_and_what_comes(filled: Ledger) -> None:
    """The library starts to read before it starts to listen: an event in between waits for the next one to come."""
    service, enough = InvoicingService(filled), Event()

    def keep_recording() -> None:
        for reference in count(6):
            service.execute(draft(reference), context())
            if enough.wait(0.05):
                return

    with ThreadPoolExecutor(1) as pool, filled.recorder.subscribe(gt=8) as subscription:
        seen = [next(subscription).id, next(subscription).id]
        writer = pool.submit(keep_recording)
        seen += [next(subscription).id, next(subscription).id]
        enough.set()
        writer.result()
    assert seen == [9, 10, 11, 12]


def test_the_library_s_notification_log_reads_our_table(filled: Ledger) -> None:
    log = filled.notification_log
    assert [one.id for one in log.select(4, 3)] == [4, 5, 6]


def test_a_version_is_given_once_and_a_loser_leaves_nothing(filled: Ledger) -> None:
    stream = draft(1).invoice_id
    fact = filled.history(stream)[1].fact
    fresh = draft(77).invoice_id
    with pytest.raises(Conflict):
        filled.append([Change(fresh, 0, [fact]), Change(stream, 1, [fact])], context())
    assert filled.recorder.max_notification_id() == 10
    assert filled.history(fresh) == []


def test_of_many_at_one_version_exactly_one_wins(filled: Ledger) -> None:
    stream = draft(1).invoice_id
    fact = filled.history(stream)[1].fact

    def append(_: int) -> bool:
        try:
            filled.append([Change(stream, 2, [fact])], context())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(append, range(32))) == 1
    assert filled.recorder.max_notification_id() == 11


def test_nothing_to_record_is_nothing_recorded(filled: Ledger) -> None:
    assert filled.append([], context()) == 0
    assert filled.recorder.max_notification_id() == 10


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE izvor.events SET topic = topic",
        "UPDATE izvor.events SET state = '' WHERE false",
        "DELETE FROM izvor.events",
        "TRUNCATE izvor.events",
        "UPDATE izvor.idempotency SET status = 200",
        "DELETE FROM izvor.idempotency",
        "TRUNCATE izvor.idempotency",
    ],
)
def test_what_is_recorded_can_be_neither_changed_nor_deleted(filled: Ledger, database: str, statement: str) -> None:
    with (
        psycopg.connect(database) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="never changed or deleted"),
    ):
        connection.execute(statement.encode())
    assert len(filled.feed(0, 100)) == 10


def test_the_library_s_lock_free_inserts_are_refused_at_start(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(UnsafeSetting, match="unset it"):
        Ledger(database)
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "n")
    Ledger(database).close()


def test_references_are_given_once_each_under_a_crowd(ledger: Ledger) -> None:
    def take(number: int) -> tuple[str, str, int]:
        organization = (ORGANIZATION, OTHER_ORGANIZATION)[number % 2]
        kind = ("invoice", "payment")[number // 2 % 2]
        return organization, kind, ledger.recorder.next_reference(organization, kind)

    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(take, range(400)))
    assert len(set(taken)) == 400
    assert {number for _, _, number in taken} == set(range(1, 101))


def test_the_test_clock_goes_forward_only_and_for_everybody(database: str) -> None:
    noon = datetime(2126, 12, 24, 12, tzinfo=UTC)
    with Datastore(database) as one, Datastore(database) as other:
        clock, same = TestClock(one), TestClock(other)
        assert clock.set(noon)
        assert clock.now() >= noon
        assert same.now() >= noon
        assert not same.set(noon - timedelta(seconds=1))
        assert same.now() >= noon
        assert same.set(noon + timedelta(days=1))
        assert clock.now() >= noon + timedelta(days=1)


def test_an_unset_test_clock_shows_the_machine_s_time(database: str) -> None:
    with Datastore(database) as datastore:
        before = TestClock(datastore).now()
        assert before.tzinfo is UTC
        assert TestClock(datastore).now() >= before


def test_a_test_clock_never_set_does_not_start_in_the_machine_s_past(database: str) -> None:
    with Datastore(database) as datastore:
        clock = TestClock(datastore)
        before = clock.now()
        assert not clock.set(before - timedelta(days=1))
        assert clock.now() >= before
