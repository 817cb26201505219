"""A history recorded at once: in order behind what is there, all of it or nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext

import psycopg
import pytest

from deploy.roles import acting_as
from invoicing_domain.categories import INVOICE
from invoicing_domain.handlers.table import HANDLERS
from invoicing_domain.model.identity import stream_id
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.bulk import Bulk, bulk
from invoicing_domain.service import InvoicingService
from invoicing_domain.work import Work
from tests.support.commands import ORGANIZATION, context, draft, send
from tests.support.processes import wait_until

REFERENCES = "SELECT kind, last FROM izvor.reference WHERE last > 0"
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class BrokenOffError(Exception):
    pass


@pytest.fixture
def founded(database: str, service: InvoicingService) -> str:
    """A database with one company and one invoice of it: positions 1 to 5."""
    service.execute(draft(service._ledger.recorder.next_reference(ORGANIZATION, "invoice")), context())
    return database


def execute(recording: Bulk, command: object) -> None:
    with ExitStack() as exits:
        work = Work(recording, lambda _: nullcontext(), exits)
        HANDLERS[type(command)].handle(command, context(), work)
    recording.record(work.changes, work.streams, context())


def references(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        return dict(connection.execute(REFERENCES).fetchall())


def test_facts_follow_upon_those_that_are_there(ledger: Ledger, founded: str) -> None:
    with bulk(ledger, founded, ORGANIZATION) as recording:
        execute(recording, draft(recording.next_reference("invoice")))
        execute(recording, send(1))
        execute(recording, send(2))
    facts = ledger.feed(0, 100)
    assert [fact.position for fact in facts] == list(range(1, 12))
    assert facts[-1].position == recording.position
    sent = [ledger.load(INVOICE, stream_id("invoice", ORGANIZATION, number)).state for number in (1, 2)]
    assert [one.sent.number for one in sent if one and one.sent] == ["IZV000001", "IZV000002"]
    assert references(founded)["invoice"] == 2
    assert ledger.recorder.next_reference(ORGANIZATION, "invoice") == 3


def test_a_history_that_is_broken_off_leaves_nothing(
    ledger: Ledger, founded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("invoicing_domain.recording.bulk.BATCH_SIZE", 2)

    def made() -> Iterator[int]:
        with bulk(ledger, founded, ORGANIZATION) as recording:
            for _ in range(4):
                execute(recording, draft(recording.next_reference("invoice")))
                yield recording.position
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        list(made())
    assert len(ledger.feed(0, 100)) == 5
    assert references(founded) == {"invoice": 1}


def test_a_fact_that_does_not_fit_takes_all_others_with_it(ledger: Ledger, founded: str) -> None:
    def made() -> None:
        with bulk(ledger, founded, ORGANIZATION) as recording:
            execute(recording, draft(2))
            recording.forget(draft(2).invoice_id)
            execute(recording, draft(2))

    with pytest.raises(psycopg.errors.UniqueViolation):
        made()
    assert len(ledger.feed(0, 100)) == 5


@pytest.fixture
def guarded(founded: str) -> Iterator[str]:
    """A way in for one whom row-level security holds, as on a server that somebody else runs."""
    with psycopg.connect(founded, autocommit=True) as connection:
        connection.execute("CREATE ROLE keeper IN ROLE izvor_all")
        yield acting_as(founded, "keeper")
        connection.execute("DROP ROLE keeper")


def test_row_by_row_where_copy_is_not_allowed(ledger: Ledger, guarded: str) -> None:
    with psycopg.connect(guarded) as connection:
        assert connection.execute("SELECT row_security_active('izvor.events')").fetchone() == (True,)
    with bulk(ledger, guarded, ORGANIZATION) as recording:
        execute(recording, draft(2))
    assert len(ledger.feed(0, 100)) == 7


def test_whoever_records_meanwhile_comes_behind_it(ledger: Ledger, founded: str, service: InvoicingService) -> None:
    with ThreadPoolExecutor(1) as other, psycopg.connect(founded, autocommit=True) as connection:
        with bulk(ledger, founded, ORGANIZATION) as recording:
            execute(recording, draft(7))
            coming = other.submit(service.execute, draft(8), context())
            wait_until(lambda: connection.execute(WAITING).fetchone() == (1,))
        assert coming.result().position == 9
    assert [fact.position for fact in ledger.feed(0, 100)] == list(range(1, 10))
