"""The life of reminders on a real database and a real mail server, with a clock that is moved by hand."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import uuid4

import pytest

from invoicing_domain.model.context import Actor
from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from invoicing_domain.recording.application import Ledger
from tests.integration.workers.conftest import World
from tests.support.reminders import ABROAD, Company, GivenCandidates, mail_server, reminder_worker, work_pool
from workers.jobs.book import Jobs
from workers.jobs.job import Job
from workers.mail.transport import Handed, MailInDoubt, MailTransport, SmtpTransport


def test_six_weeks_bring_three_mails_each_on_its_day(world: World) -> None:
    invoice = world.company.invoice()
    world.live(world.worker(), days=42)
    assert [(one.step, one.date.isoformat()) for one in world.company.state(invoice).reminders] == [
        (7, "2026-11-09"),
        (14, "2026-11-16"),
        (30, "2026-12-02"),
    ]
    assert [mail["Message-ID"] for mail in world.room.delivered] == [
        one.message_id for one in world.company.state(invoice).reminders
    ]


def test_what_went_out_is_a_fact_of_the_worker(world: World) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=20)
    assert world.worker().run_once() == 1
    last = world.ledger.history(invoice)[-1]
    assert last.meta.actor == Actor(kind="worker", id="reminders", name="Reminders")
    assert last.meta.causation_id == f"reminder:{invoice}:14"
    assert last.meta.at == last.fact.sent_at == world.clock.now()
    assert (last.fact.step, last.fact.passed_over, last.fact.to) == (14, (7,), "ion@client.example")


def test_several_steps_due_at_once_are_one_mail_for_the_highest(world: World) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=40)
    world.live(world.worker(), days=10)
    assert len(world.room.delivered) == 1
    assert world.company.steps(invoice) == [30]
    assert world.company.state(invoice).reminders[0].passed_over == (7, 14)


def test_each_step_goes_out_once_though_the_clock_of_the_machine_is_set_back(world: World) -> None:
    invoice = world.company.invoice()
    worker = world.worker()
    for days in (7, -1, 1, -6, 5, 8, -8, 9, 15):
        world.clock.forward(days=days)
        worker.run_once()
    assert world.company.steps(invoice) == [7, 14, 30]
    assert len(world.room.delivered) == 3


def test_each_step_goes_out_once_though_the_worker_is_started_anew_for_every_look(world: World) -> None:
    invoice = world.company.invoice()
    for _ in range(42 * 2):
        world.clock.forward(hours=12)
        world.worker().run_once()
    assert world.company.steps(invoice) == [7, 14, 30]
    assert len(world.room.delivered) == 3


def test_each_step_goes_out_once_though_two_workers_run_at_once(world: World) -> None:
    invoices = [world.company.invoice() for _ in range(4)]
    together = threading.Barrier(2, action=lambda: world.clock.forward(days=1))
    errors: list[BaseException] = []

    def live() -> None:
        ledger = Ledger(world.database)
        try:
            with work_pool(world.database) as pool:
                worker = reminder_worker(ledger, pool, world.clock, SmtpTransport(world.smtp_url))
                for _ in range(42):
                    together.wait()
                    worker.run_once()
        except BaseException as error:  # noqa: BLE001  # shown by the assertion below
            errors.append(error)
            together.abort()
        finally:
            ledger.close()

    threads = [threading.Thread(target=live) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [world.company.steps(invoice) for invoice in invoices] == [[7, 14, 30]] * 4
    assert len(world.room.delivered) == 12


class Meanwhile(Jobs):
    """The book of jobs, with something that happens right after a claim."""

    happens: Callable[[], None]

    def claim(self, queue: str, now: datetime) -> Job | None:
        job = super().claim(queue, now)
        if job is not None:
            self.happens()
        return job


REASONS = {"pay": "paid", "credit": "credited", "hold": "held"}


@pytest.mark.parametrize("settle", ["pay", "credit", "hold"])
def test_what_is_settled_or_held_between_candidate_and_sending_is_not_reminded_of(world: World, settle: str) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    book = Meanwhile(world.pool, worker_id=str(uuid4()))
    book.happens = lambda: getattr(world.company, settle)(invoice)
    assert world.worker(jobs=book).run_once() == 0
    assert world.room.delivered == []
    job = world.job(f"reminder:{invoice}:7")
    assert (job.status, job.outcome) == ("withdrawn", {"reason": REASONS[settle]})


@pytest.mark.parametrize("settle", ["pay", "credit", "hold"])
def test_what_is_settled_or_held_before_the_day_is_not_reminded_of(world: World, settle: str) -> None:
    invoice = world.company.invoice()
    worker = world.worker()
    world.live(worker, days=6)
    getattr(world.company, settle)(invoice)
    world.live(worker, days=40)
    assert world.room.delivered == []


def test_a_part_payment_lowers_what_the_mail_asks_for(world: World) -> None:
    invoice = world.company.invoice()
    world.company.pay(invoice, 10_000)
    world.clock.forward(days=7)
    world.worker().run_once()
    assert "21,00" in text_of(world.room.delivered[0])


def test_a_hold_stops_reminders_and_they_go_on_with_the_step_of_the_day(world: World) -> None:
    invoice = world.company.invoice()
    worker = world.worker()
    world.live(worker, days=10)
    world.company.hold(invoice)
    world.live(worker, days=10)
    assert world.company.steps(invoice) == [7]
    world.company.resume(invoice)
    worker.run_once()
    assert world.company.steps(invoice) == [7, 14]
    world.live(worker, days=20)
    assert world.company.steps(invoice) == [7, 14, 30]


def test_an_invoice_without_an_address_is_passed_by_and_the_log_says_so_once_a_day(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    silent = world.company.invoice(email=None)
    loud = world.company.invoice()
    world.clock.forward(days=7)
    worker = world.worker()
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            worker.run_once()
    assert world.company.steps(silent) == []
    assert world.company.steps(loud) == [7]
    (said,) = [record.getMessage() for record in caplog.records if record.name == "workers.reminding.sweep"]
    assert "IZV000001" in said
    assert "no e-mail address" in said


def test_a_corrected_address_of_the_customer_is_used(world: World) -> None:
    world.company.invoice(email="ion@clinet.example")
    customer = stream_id("customer", world.company.id, 1)
    profile = CustomerProfile(name="Ion Țăranu", email="ion@clinet.example")
    context = world.company.context
    world.service.execute(RegisterCustomer(customer_id=customer, reference=1, profile=profile), context())
    world.service.execute(ChangeCustomer(customer_id=customer, changes={"email": "ion@client.example"}), context())
    world.clock.forward(days=7)
    world.worker().run_once()
    assert world.room.delivered[0]["To"].addresses[0].addr_spec == "ion@client.example"


def test_a_reminder_speaks_the_customer_s_language(world: World) -> None:
    world.company.invoice(language="en")
    world.clock.forward(days=7)
    world.worker().run_once()
    assert "7 days" in text_of(world.room.delivered[0])


def test_the_day_is_that_of_the_organization_s_calendar(world: World) -> None:
    """At 22:30 UTC the seventh day has begun in Bucharest, and not in New York."""
    abroad = Company(world.service, world.ledger, world.clock, ABROAD).register(time_zone="America/New_York")
    world.clock.instant = datetime(2026, 11, 2, 12, tzinfo=UTC)
    here, there = world.company.invoice(), abroad.invoice()
    worker = world.worker()
    world.clock.instant = datetime(2026, 11, 8, 21, 30, tzinfo=UTC)
    worker.run_once()
    assert (world.company.steps(here), abroad.steps(there)) == ([], [])
    world.clock.instant = datetime(2026, 11, 8, 22, 30, tzinfo=UTC)
    worker.run_once()
    assert (world.company.steps(here), abroad.steps(there)) == ([7], [])
    world.clock.instant = datetime(2026, 11, 9, 5, 30, tzinfo=UTC)
    worker.run_once()
    assert (world.company.steps(here), abroad.steps(there)) == ([7], [7])


def test_an_organization_s_own_steps_hold(world: World) -> None:
    abroad = Company(world.service, world.ledger, world.clock, ABROAD).register(steps=(3, 10))
    invoice = abroad.invoice()
    world.live(world.worker(), days=42)
    assert abroad.steps(invoice) == [3, 10]


# Mail servers that do not take it


def test_a_mail_server_that_is_down_for_three_days_costs_one_mail_and_no_second(quiet_world: World) -> None:
    world = quiet_world
    invoice = world.company.invoice()
    worker = world.worker()
    world.live(worker, days=10, hours_between=1)
    assert world.status(invoice, 7) == "ready"
    with mail_server(world.room, world.port):
        world.live(worker, days=3, hours_between=1)
    assert world.company.steps(invoice) == [7]
    assert len(world.room.delivered) == 1


def test_a_mail_server_that_was_down_until_the_next_step_gets_one_mail_for_the_highest(quiet_world: World) -> None:
    world = quiet_world
    invoice = world.company.invoice()
    world.live(world.worker(), days=13, hours_between=6)
    with mail_server(world.room, world.port):
        world.clock.forward(days=2)
        world.live(world.worker(), days=2)
    assert world.company.steps(invoice) == [14]
    assert len(world.room.delivered) == 1
    assert world.status(invoice, 7) == "withdrawn"


def test_a_retry_whose_invoice_was_paid_is_struck_out(quiet_world: World) -> None:
    world = quiet_world
    invoice = world.company.invoice()
    world.live(world.worker(), days=8)
    world.company.pay(invoice)
    world.clock.forward(days=1)
    world.worker().run_once()
    assert world.status(invoice, 7) == "withdrawn"


def test_a_server_that_is_down_is_left_alone_after_three_mails(quiet_world: World) -> None:
    world = quiet_world
    for _ in range(6):
        world.company.invoice()
    world.clock.forward(days=7)
    world.worker().run_once()
    world.worker().run_once()
    assert tried(world) == [0, 0, 0, 1, 1, 1]


def test_a_refused_mail_is_not_tried_again_and_waits_for_a_person(world: World) -> None:
    world.room.verdict = "550 5.1.1 no such mailbox"
    invoice = world.company.invoice()
    worker = world.worker()
    world.live(worker, days=10)
    world.room.verdict = "250 ok"
    world.live(worker, days=3)
    assert world.room.delivered == []
    job = world.job(f"reminder:{invoice}:7")
    assert (job.status, job.attempt) == ("dead", 1)
    assert job.outcome is not None
    assert job.outcome["reason"] == "550 5.1.1 no such mailbox"
    world.live(worker, days=2)
    assert world.company.steps(invoice) == [14]


def test_an_address_that_is_none_is_refused_before_any_server_is_asked(quiet_world: World) -> None:
    world = quiet_world
    invoice = world.company.invoice(email="ion at client")
    world.clock.forward(days=7)
    world.worker().run_once()
    assert world.status(invoice, 7) == "dead"


class Doubtful:
    def send(self, message: EmailMessage) -> Handed:
        raise MailInDoubt(f"the connection was lost: {message['Message-ID']}")


class Buggy:
    def send(self, message: EmailMessage) -> Handed:
        raise RuntimeError(f"nobody thought of this: {message['Message-ID']}")


@pytest.mark.parametrize("transport", [Doubtful(), Buggy()])
def test_a_mail_in_doubt_is_not_sent_again_and_the_next_step_has_its_turn(
    world: World, transport: MailTransport
) -> None:
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    world.worker(transport).run_once()
    world.live(world.worker(), days=6)
    assert world.status(invoice, 7) == "in_doubt"
    assert world.room.delivered == []
    world.live(world.worker(), days=2)
    assert world.company.steps(invoice) == [14]


def test_a_stream_that_cannot_be_read_harms_no_other_invoice(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = world.company.invoice(), world.company.invoice()
    with world.pool.connection() as connection:
        connection.execute(
            "INSERT INTO izvor.events SELECT originator_id, 99, 'invoice.from_the_future/1', state, 1000000,"
            " organization_id FROM izvor.events WHERE originator_id = %s LIMIT 1",
            [broken],
        )
    world.clock.forward(days=7)
    worker = world.worker(candidates=GivenCandidates(world.company.id, [broken, sound]))
    with caplog.at_level(logging.ERROR):
        assert worker.run_once() == 1
    assert world.company.steps(sound) == [7]
    assert f"invoice {broken} cannot be reminded of" in caplog.text


def tried(world: World) -> list[int]:
    """How often each mail that still waits was tried."""
    with world.pool.connection() as connection:
        rows = connection.execute("SELECT attempt FROM work.job WHERE status = 'ready' ORDER BY attempt").fetchall()
    return [attempt for (attempt,) in rows]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
