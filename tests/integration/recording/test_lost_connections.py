"""Connections that break at the worst moment: what was recorded answers as recorded, what was not is recorded once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest

from invoicing_domain.model.identity import series_id
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.number_series.commands import OpenSeries
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Change, Ledger
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.recording.recorder import FLUSH
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from tests.support.commands import ORGANIZATION, context, draft, register_organization, send, sending
from tests.support.proxy import Fault, Proxy

DRAFTED = b"invoice.drafted/1"
WAITING_FOR_DISK = b"izvor_" + sha256(FLUSH.encode()).hexdigest()[:16].encode()
FAULTS: list[Fault] = ["request lost", "answer lost", "answer torn", "cut while it works"]


@pytest.fixture
def proxy(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with Proxy(database, tmp_path_factory.mktemp("door")) as proxy:
        yield proxy


@pytest.fixture
def far(proxy: Proxy) -> Iterator[Ledger]:
    """A ledger that reaches the database through the proxy."""
    with Ledger(proxy.url) as ledger:
        yield ledger


OPEN_AGAIN = OpenSeries(
    series_id=series_id(ORGANIZATION, "invoice", "IZV"), series=Series(document="invoice", prefix="IZV")
)


def key(text: str = "k-1") -> ClientKey:
    return ClientKey(key=text, fingerprint=b"f" * 32, render=lambda outcome: (201, outcome.stream_id.encode()))


def stored(database: str) -> list[tuple[int, str]]:
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT notification_id, topic FROM izvor.events ORDER BY 1").fetchall()


ONE_DRAFT = [(1, "invoice.drafted/1"), (2, "invoice.line_added/1")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_command_whose_connection_breaks_succeeds_once(
    far: Ledger, proxy: Proxy, database: str, fault: Fault
) -> None:
    proxy.arm(fault, DRAFTED)
    outcome = InvoicingService(far).execute(draft(1), context())
    assert proxy.armed == 0
    assert (outcome.position, outcome.version, outcome.replayed) == (2, 2, False)
    assert stored(database) == ONE_DRAFT


@pytest.mark.parametrize("fault", FAULTS)
def test_a_command_with_a_key_whose_connection_breaks_gives_the_answer_that_is_kept(
    far: Ledger, proxy: Proxy, database: str, fault: Fault
) -> None:
    service = InvoicingService(far)
    proxy.arm(fault, DRAFTED)
    first = service.execute(draft(1), context(), key=key())
    assert first.position == 2
    assert stored(database) == ONE_DRAFT
    again = service.execute(draft(2), context(), key=key())
    assert again.replayed
    assert first.answer is not None
    assert again.answer is not None
    assert (again.answer.status, again.answer.body) == (first.answer.status, first.answer.body)
    assert again.position == first.position
    assert stored(database) == ONE_DRAFT


@pytest.mark.parametrize("fault", FAULTS)
def test_a_key_for_a_command_without_facts_survives_a_broken_connection(
    far: Ledger, proxy: Proxy, database: str, fault: Fault
) -> None:
    service = InvoicingService(far)
    service.execute(register_organization(), context())
    before = stored(database)
    marker = uuid4().hex
    proxy.arm(fault, marker.encode())
    outcome = service.execute(OPEN_AGAIN, context(), key=key(marker))
    assert proxy.armed == 0
    assert outcome.answer is not None
    assert outcome.answer.status == 201
    assert stored(database) == before


def test_the_same_break_many_times_over_is_still_one_success(far: Ledger, proxy: Proxy, database: str) -> None:
    proxy.arm("request lost", DRAFTED, times=3)
    outcome = InvoicingService(far).execute(draft(1), context())
    assert outcome.position == 2
    assert stored(database) == ONE_DRAFT


def test_sending_through_cuts_takes_each_number_once(far: Ledger, proxy: Proxy) -> None:
    service = InvoicingService(far)
    service.execute(register_organization(), context())
    numbers = []
    for reference in range(1, 13):
        proxy.arm(FAULTS[reference % len(FAULTS)], b"invoice.sent/1")
        numbers.append(service.execute(draft(reference, sending=sending()), context()).state.sent.number)
    assert numbers == [f"IZV{number:06d}" for number in range(1, 13)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sender_who_is_cut_off_while_waiting_for_the_disk_has_sent_once(
    far: Ledger, proxy: Proxy, fault: Fault
) -> None:
    service = InvoicingService(far)
    service.execute(register_organization(), context())
    proxy.arm(fault, WAITING_FOR_DISK)
    numbers = [service.execute(draft(n, sending=sending()), context()).state.sent.number for n in (1, 2)]
    assert proxy.armed == 0
    assert numbers == ["IZV000001", "IZV000002"]
    assert [one.position for one in far.feed(0, 100)] == list(range(1, 12))


def test_what_a_crash_took_after_it_was_seen_is_recorded_again(far: Ledger, proxy: Proxy, database: str) -> None:
    """The server loses what was not on disk yet, together with the connection that waited for it."""
    command = draft(1)
    facts = invoices.draft(None, command, context())
    seen = []

    def crash() -> None:
        seen.append(stored(database))
        if len(seen) == 1:
            with psycopg.connect(database) as connection:
                connection.execute("SET session_replication_role = replica")  # facts are final for everybody else
                connection.execute("DELETE FROM izvor.events")
            proxy.cut_all()

    assert far.append([Change(command.invoice_id, 0, facts)], context(), visible=crash) == 2
    assert seen == [ONE_DRAFT, ONE_DRAFT]
    assert stored(database) == ONE_DRAFT


def test_a_conflict_that_is_not_ones_own_commit_is_still_a_conflict(far: Ledger, ledger: Ledger, proxy: Proxy) -> None:
    near = InvoicingService(ledger)
    near.execute(register_organization(), context())
    near.execute(draft(1, sending=sending()), context())
    proxy.arm("answer lost", b"invoice.sent/1")
    with pytest.raises(Refusal, match="is sent and cannot be changed"):
        InvoicingService(far).execute(send(1), context())


def test_a_store_that_stays_away_is_told_as_unknown_in_the_end(far: Ledger, proxy: Proxy, database: str) -> None:
    service = InvoicingService(far)
    service.execute(draft(1), context())
    proxy.arm("request lost", DRAFTED, times=1000)
    with pytest.raises(StoreUnavailable):
        service.execute(draft(2), context())
    assert stored(database) == ONE_DRAFT


def test_a_pool_full_of_dead_connections_costs_no_command(far: Ledger, proxy: Proxy, database: str) -> None:
    """After a restart of the server every idle connection is dead; one command may meet them all."""
    service = InvoicingService(far)
    together = Barrier(16)

    def record(reference: int) -> Outcome:
        together.wait()
        return service.execute(draft(reference), context())

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(record, range(1, 17)))
    proxy.cut_all()
    assert service.execute(draft(17), context()).position == 34
    with psycopg.connect(database) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert service.execute(draft(18), context()).position == 36


def test_slowness_is_not_a_fault(far: Ledger, proxy: Proxy, database: str) -> None:
    service = InvoicingService(far)
    service.execute(draft(1), context())
    proxy.delay_seconds = 0.3
    service.execute(draft(2), context())
    proxy.delay_seconds = 0.0
    assert len(stored(database)) == 4
