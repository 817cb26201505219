"""The paper of what is sent is made at once, by whichever worker is alive."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

import pytest

from invoicing_domain.categories import CREDIT_NOTE
from invoicing_domain.model.context import Context
from invoicing_domain.model.document import Document
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.events import DocumentProduced
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.artifacts import Artifact
from projections.jobs.query import JobRow, list_jobs
from tests.integration.workers.conftest import World
from tests.support.jobs import ALREADY_OVER, book
from tests.support.processes import finish, line_of, python, wait_until
from workers.following.documents import DocumentWorker
from workers.following.feed import StoreFeed, place
from workers.jobs.book import LEASE
from workers.jobs.runner import JobRunner
from workers.lookout import Lookout
from workers.printing import Printing

DYING = """
import os, signal, sys
from datetime import datetime
from threading import Event
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.reminders import HandClock, work_pool
from workers.following.documents import DocumentWorker
from workers.following.feed import StoreFeed
from workers.lookout import Lookout

database, instant, moment = sys.argv[1:]

class Service(InvoicingService):
    def execute(self, *arguments, **others):
        if moment == "after recording":
            super().execute(*arguments, **others)
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

ledger = Ledger(database)
with work_pool(database) as pool:
    DocumentWorker(
        lookout=Lookout(ledger, HandClock(datetime.fromisoformat(instant))),
        publishing=Publishing(ledger, Service(ledger)), feed=StoreFeed(database, ledger), pool=pool,
    ).run_once(Event())
"""


def worker(world: World, publishing: Publishing | None = None) -> DocumentWorker:
    return DocumentWorker(
        lookout=Lookout(world.ledger, world.clock),
        publishing=publishing or Publishing(world.ledger, world.service),
        feed=StoreFeed(world.database, world.ledger),
        pool=world.pool,
    )


@contextmanager
def at_work(world: World, *workers: DocumentWorker) -> Iterator[None]:
    """Workers that follow (one, where none is named); every fact was taken before they are stopped."""
    stop = Event()
    threads = [Thread(target=one.run_once, args=(stop,)) for one in workers or (worker(world),)]
    for thread in threads:
        thread.start()
    try:
        yield
        wait_until(lambda: has_taken_all(world))
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def has_taken_all(world: World) -> bool:
    with world.pool.connection() as connection:
        return place(connection, DocumentWorker.name) >= world.ledger.feed(0, 1000)[-1].position


def documents(world: World, invoice: str) -> list[Document]:
    return [one.fact.document for one in world.ledger.history(invoice) if isinstance(one.fact, DocumentProduced)]


def test_an_invoice_and_its_credit_note_get_their_papers_when_they_are_sent(world: World) -> None:
    with at_work(world):
        invoice = world.company.invoice(language="en")
        world.company.credit(invoice)
    [made] = documents(world, invoice)
    assert made.language == "en"
    note = world.ledger.load(CREDIT_NOTE, stream_id("credit_note", world.company.id, 2)).state
    assert note is not None
    assert note.document is not None
    fact = world.ledger.history(invoice)[-1]
    sending = world.ledger.history(invoice)[0].meta
    assert (fact.meta.actor.id, fact.meta.correlation_id) == ("documents", sending.correlation_id)


def test_what_was_sent_while_no_worker_was_there_is_caught_up_with(world: World) -> None:
    invoices = [world.company.invoice() for _ in range(3)]
    world.clock.forward(days=10)
    with at_work(world):
        pass
    assert [len(documents(world, one)) for one in invoices] == [1, 1, 1]


def test_what_is_old_waits_until_somebody_asks(world: World) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=15)
    with at_work(world):
        pass
    assert documents(world, invoice) == []
    Publishing(world.ledger, world.service).invoice(stream_id("invoice", world.company.id, 1), world.company.context())
    assert len(documents(world, invoice)) == 1


def test_workers_beside_each_other_make_one_paper_of_each(world: World) -> None:
    with at_work(world, worker(world), worker(world), worker(world)):
        invoices = [world.company.invoice() for _ in range(5)]
    assert [len(documents(world, one)) for one in invoices] == [1] * 5


@pytest.mark.parametrize("moment", ["before recording", "after recording"])
def test_a_worker_that_is_killed_leaves_nothing_undone_and_nothing_twice(world: World, moment: str) -> None:
    invoice = world.company.invoice()
    process = python(DYING, world.database, world.clock.now().isoformat(), moment)
    try:
        assert line_of(process) == "dying"
        assert process.wait() == -signal.SIGKILL
    finally:
        finish(process)
    before = documents(world, invoice)
    assert len(before) == (1 if moment == "after recording" else 0)
    with at_work(world):
        pass
    [made] = documents(world, invoice)
    assert before in ([], [made])


@dataclass
class Jammed(Publishing):
    """Cannot print some of the invoices."""

    world: World
    jams_at: set[str]

    def __post_init__(self) -> None:
        super().__init__(self.world.ledger, self.world.service)

    def invoice(self, invoice_id: StreamId, context: Context) -> Artifact:
        if invoice_id in self.jams_at:
            raise ValueError("no paper left")
        return super().invoice(invoice_id, context)


@dataclass
class JamFixed(Jammed):
    """Prints, and then its process is gone: nobody is told."""

    def invoice(self, invoice_id: StreamId, context: Context) -> Artifact:
        super().invoice(invoice_id, context)
        raise KeyboardInterrupt


def printer(world: World, publishing: Publishing, lease: timedelta = LEASE) -> JobRunner:
    """The worker of jobs, as after a restart; its pauses are as long as they may be."""
    handler = Printing(publishing=publishing, service=world.service, lookout=Lookout(world.ledger, world.clock))
    return JobRunner(jobs=book(world.pool, lease), handlers=[handler], clock=world.clock, chance=lambda: 0.999)


def test_a_document_that_cannot_be_printed_holds_up_no_other(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken, whole = world.company.invoice(), world.company.invoice()
    with at_work(world, worker(world, Jammed(world, {broken}))):
        pass
    assert (documents(world, broken), len(documents(world, whole))) == ([], 1)
    assert f"the paper of {broken} cannot be made, and is tried again" in caplog.text


def test_a_failed_printing_is_tried_again_with_growing_pauses_until_it_succeeds(world: World) -> None:
    broken, key = jammed(world)
    press = Jammed(world, {broken})
    tried_at = []
    for _ in range(60):
        printer(world, press).run_once()
        tried_at.append(world.job(key).attempt)
        world.clock.forward(minutes=1)
    assert [tried_at.index(attempt) for attempt in range(1, 6)] == [0, 2, 6, 14, 30]
    press.jams_at.clear()
    world.clock.forward(hours=2)
    printer(world, press).run_once()
    printer(world, press).run_once()
    assert (world.job(key).status, len(documents(world, broken))) == ("sent", 1)


def test_a_printing_that_never_succeeds_ends_where_people_see_it(world: World) -> None:
    broken, key = jammed(world)
    for _ in range(11):
        printer(world, Jammed(world, {broken})).run_once()
        world.clock.forward(days=1)
    (shown,) = listed(world)
    assert (shown.status, shown.queue, shown.effect_key) == ("dead", "papers", key)
    assert shown.reason == "ValueError: no paper left"


def test_a_printer_that_dies_when_it_has_printed_makes_no_second_paper(world: World) -> None:
    broken, key = jammed(world)
    with pytest.raises(KeyboardInterrupt):
        printer(world, JamFixed(world, set()), ALREADY_OVER).run_once()
    assert world.job(key).status == "sending"
    printer(world, Jammed(world, set())).run_once()
    world.clock.forward(minutes=2)
    printer(world, Jammed(world, set())).run_once()
    assert (world.job(key).status, len(documents(world, broken))) == ("sent", 1)


def test_who_asks_for_the_paper_meanwhile_gets_the_only_one(world: World) -> None:
    broken, key = jammed(world)
    paper = Publishing(world.ledger, world.service).invoice(StreamId(broken), world.company.context())
    printer(world, Jammed(world, set())).run_once()
    assert (world.job(key).status, [one.sha256 for one in documents(world, broken)]) == ("sent", [paper.sha256])


def jammed(world: World) -> tuple[str, str]:
    """An invoice that could not be printed when it was sent, and the key of the job that this left behind."""
    broken = world.company.invoice()
    with at_work(world, worker(world, Jammed(world, {broken}))):
        pass
    key = f"paper:invoice:{broken}"
    assert world.job(key).status == "ready"
    return broken, key


def listed(world: World) -> list[JobRow]:
    with world.pool.connection() as connection:
        return list_jobs(connection, world.company.id)
