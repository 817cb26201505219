"""The worker process as it is put together for real: read models, the sandbox's clock, mails in files."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.integration.workers.conftest import World
from tests.support.processes import finish, line_of, python, wait_until
from tests.support.reminders import ABROAD, Company
from workers.reminding.candidates import ListedCandidates
from workers.wiring import NAMES, WorkSettings, chosen, workers

WORK = """
import signal, sys
from pathlib import Path
from threading import Event
from workers.wiring import WorkSettings, run

stop = Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print("started", flush=True)
run(["all"], WorkSettings(conninfo=sys.argv[1], outbox=Path(sys.argv[2]), test_clock=True), stop)
print("ended", flush=True)
"""


@contextmanager
def sandbox(database: str) -> Iterator[tuple[Ledger, TestClock]]:
    ledger, store = Ledger(database), Datastore(database)
    try:
        yield ledger, TestClock(store)
    finally:
        store.close()
        ledger.close()


def test_users_of_the_sandbox_wind_the_clock_and_find_the_mail_in_a_file(database: str, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    with sandbox(database) as (ledger, clock):
        company = Company(InvoicingService(ledger), ledger, clock).register()
        invoice = company.invoice()
        Runner(database).catch_up()
        process = python(WORK, database, str(outbox))
        try:
            assert line_of(process) == "started"
            clock.set(clock.now() + timedelta(days=7))
            wait_until(lambda: company.steps(invoice) == [7])
            process.send_signal(signal.SIGTERM)
            assert line_of(process) == "ended"
            assert process.wait() == 0
        finally:
            finish(process)
    assert len(list(outbox.glob("*.eml"))) == 1


def test_a_pass_of_the_wired_worker_finds_its_invoices_in_the_read_models(world: World, tmp_path: Path) -> None:
    settings = WorkSettings(
        conninfo=world.database,
        outbox=tmp_path,
        smtp_url=world.smtp_url,
        mail_from="Facturare <facturi@atelier.example>",
        test_clock=True,
    )
    invoice = world.company.invoice()
    Runner(world.database).catch_up()
    with sandbox(world.database) as (_, clock):
        clock.set(datetime(2126, 12, 10, 8, tzinfo=UTC))
        with workers(settings) as passes:
            assert [passes["reminders"](Event()), passes["jobs"](Event())] == [1, 1]
            assert [passes["reminders"](Event()), passes["jobs"](Event())] == [0, 0]
    assert world.company.steps(invoice) == [30]
    assert str(world.room.delivered[0]["From"].addresses[0].addr_spec) == "facturi@atelier.example"


def test_candidates_are_the_overdue_unpaid_invoices_of_the_organization(world: World) -> None:
    abroad = Company(world.service, world.ledger, world.clock, ABROAD).register()
    overdue, paid, _later = (world.company.invoice(due_in=days) for days in (3, 3, 10))
    abroad.invoice(due_in=3)
    world.company.pay(paid)
    Runner(world.database).catch_up()
    candidates = ListedCandidates(world.pool)
    assert sorted(candidates.organizations()) == sorted([world.company.id, abroad.id])
    found = candidates.overdue_unpaid(world.company.id, date(2026, 11, 5))
    assert [one.invoice_id for one in found] == [overdue]
    assert found[0].version == len(world.ledger.history(overdue))


@pytest.mark.parametrize("names", [[], ["letters"], ["reminders", "letters"]])
def test_a_worker_that_does_not_exist_is_refused_by_name(names: list[str]) -> None:
    known = "reminders, follower, jobs, recurring, bulk, documents, webhooks, all"
    with pytest.raises(ValueError, match=f"there are: {known}"):
        chosen(names)


def test_all_stands_for_every_worker() -> None:
    assert chosen(["all"]) == NAMES
    assert chosen(["reminders", "reminders"]) == ("reminders",)


def test_what_needs_kafka_runs_where_there_is_one_and_is_refused_elsewhere() -> None:
    assert chosen(["all"], kafka=True) == (*NAMES, "relay", "commands", "dead-letters")
    with pytest.raises(ValueError, match="relay needs Kafka: set IZVOR_KAFKA to HOST:PORT"):
        chosen(["relay"])


def test_the_settings_do_not_show_their_secrets() -> None:
    shown = repr(WorkSettings(conninfo="postgresql://u:hush@h/d", outbox=Path("o"), smtp_url="smtp://u:hush@h"))
    assert "hush" not in shown
