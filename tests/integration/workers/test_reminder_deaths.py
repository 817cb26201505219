"""kill -9 of a real worker process at the worst moments: at most one mail, and never a silence about it."""

import logging
import signal

import pytest

from tests.integration.workers.conftest import World
from tests.support.processes import finish, line_of, python

KILLED_AT = """
import os, signal, sys
from datetime import datetime, timedelta
from uuid import uuid4
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.reminders import HandClock, reminder_worker, work_pool
from workers.jobs.book import Jobs
from workers.mail.transport import SmtpTransport

database, smtp_url, instant, moment = sys.argv[1:]

def die():
    print("dying", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

class Transport(SmtpTransport):
    def send(self, message):
        if moment == "before handing over":
            die()
        handed = super().send(message)
        if moment == "after handing over":
            die()
        return handed

class Service(InvoicingService):
    def execute(self, *arguments, **others):
        if moment == "before recording":
            die()
        outcome = super().execute(*arguments, **others)
        if moment == "after recording":
            die()
        return outcome

ledger = Ledger(database)
with work_pool(database) as pool:
    reminder_worker(
        ledger, pool, HandClock(datetime.fromisoformat(instant)), Transport(smtp_url), service=Service(ledger),
        jobs=Jobs(pool, worker_id=str(uuid4()), lease=timedelta(seconds=0)),
    ).run_once()
"""


def dies_at(world: World, moment: str) -> None:
    """A worker process that looks once and dies; its lease is over at once."""
    process = python(KILLED_AT, world.database, world.smtp_url, world.clock.now().isoformat(), moment)
    try:
        assert line_of(process) == "dying"
        assert process.wait() == -signal.SIGKILL
    finally:
        finish(process)


@pytest.mark.parametrize(("moment", "mails"), [("before handing over", 0), ("after handing over", 1)])
def test_a_worker_killed_around_the_hand_over_leaves_a_doubt_and_no_second_mail(
    world: World, moment: str, mails: int, caplog: pytest.LogCaptureFixture
) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    dies_at(world, moment)
    assert world.status(invoice, 7) == "sending"
    with caplog.at_level(logging.ERROR):
        world.live(world.worker(), days=6)
    assert len(world.room.delivered) == mails
    assert world.company.steps(invoice) == []
    assert world.status(invoice, 7) == "in_doubt"
    assert world.job(f"reminder:{invoice}:7").run_at is None
    assert f"reminder:{invoice}:7 may or may not have gone out" in caplog.text


def test_a_doubt_does_not_keep_the_next_step_from_its_day(world: World) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    dies_at(world, "after handing over")
    world.live(world.worker(), days=7)
    assert world.company.steps(invoice) == [14]
    assert len(world.room.delivered) == 2


@pytest.mark.parametrize("moment", ["before recording", "after recording"])
def test_a_worker_killed_around_the_recording_leaves_a_mail_whose_fact_follows_once(world: World, moment: str) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    dies_at(world, moment)
    assert world.status(invoice, 7) == "sent"
    world.live(world.worker(), days=3)
    assert world.company.steps(invoice) == [7]
    assert len(world.room.delivered) == 1
    assert world.jobs.owing("reminders") == []
    (fact,) = world.company.state(invoice).reminders
    assert fact.message_id == world.room.delivered[0]["Message-ID"]


@pytest.mark.parametrize(("decision", "mails"), [("sent", 1), ("ready", 2)])
def test_a_person_decides_a_doubt_and_the_worker_goes_on_from_there(world: World, decision: str, mails: int) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    dies_at(world, "after handing over")
    world.worker().run_once()
    with world.pool.connection() as connection:
        decide = "UPDATE work.job SET status = %s, run_at = %s WHERE status = 'in_doubt'"
        connection.execute(decide, [decision, world.clock.now()])
    world.worker().run_once()
    assert world.company.steps(invoice) == [7]
    assert len(world.room.delivered) == mails
    assert len({mail["Message-ID"] for mail in world.room.delivered}) == 1
