"""What workers know of somebody who is erased: nothing, in books, facts and logs."""

import logging
from dataclasses import dataclass
from email.message import EmailMessage

import psycopg
import pytest

from invoicing_domain.model.customer.commands import EraseCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.personal import ERASED
from tests.integration.workers.conftest import World
from workers.mail.transport import Handed, MailTransport, SmtpTransport

ADDRESS = "ion@client.example"
OURS = ("workers", "invoicing_domain", "projections")
HELD = (
    "SELECT coalesce(string_agg(t, ''), '') FROM (SELECT j::text AS t FROM work.job j UNION ALL"
    " SELECT a::text FROM work.attempt a UNION ALL SELECT convert_from(state, 'UTF8') FROM izvor.events UNION ALL"
    " SELECT convert_from(answer, 'UTF8') FROM izvor.idempotency) every (t)"
)


@pytest.fixture
def overdue(world: World) -> str:
    """An invoice to be reminded of, of a customer who can be written to."""
    profile = CustomerProfile(name="Ion Țăranu", kind="person", email=ADDRESS)
    registering = RegisterCustomer(customer_id=stream_id("customer", world.company.id, 1), reference=1, profile=profile)
    world.service.execute(registering, world.company.context())
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    return invoice


def erase(world: World) -> None:
    erasing = EraseCustomer(customer_id=stream_id("customer", world.company.id, 1), reason="asked for")
    world.service.execute(erasing, world.company.context())


def held(world: World) -> str:
    with psycopg.connect(world.database) as connection:
        row = connection.execute(HELD).fetchone()
    return str(row[0]) if row else ""


def test_addresses_are_in_no_book_and_no_log(world: World, overdue: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert world.worker().run_once() == 1
    assert world.company.state(overdue).reminders[0].to == ADDRESS
    assert "reminder:" in held(world)
    assert ADDRESS not in held(world)
    said = [record.getMessage() for record in caplog.records if record.name.startswith(OURS)]
    assert said != []
    assert ADDRESS not in "".join(said)


def test_who_is_erased_is_not_written_to_any_more(world: World, overdue: str) -> None:
    world.worker().run_once()
    erase(world)
    world.live(world.worker(), days=40)
    assert len(world.room.delivered) == 1
    assert [reminder.to for reminder in world.company.state(overdue).reminders] == [ERASED]


@dataclass
class ErasingTransport:
    """Somebody erases the customer while the mail is handed over."""

    mails: MailTransport
    world: World

    def send(self, message: EmailMessage) -> Handed:
        handed = self.mails.send(message)
        erase(self.world)
        return handed


def test_a_mail_that_went_out_while_its_customer_was_erased_is_a_fact_without_address(
    world: World, overdue: str
) -> None:
    world.worker(ErasingTransport(SmtpTransport(world.smtp_url), world)).run_once()
    assert len(world.room.delivered) == 1
    [reminder] = world.company.state(overdue).reminders
    assert (reminder.step, reminder.to) == (7, ERASED)
    assert ADDRESS not in held(world)
