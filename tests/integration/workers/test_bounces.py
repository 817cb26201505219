"""Mails that go out through a real mail server and come back: on the document, and in the book of jobs."""

from email.message import EmailMessage

import pytest

from invoicing_domain.bounces import read_notice
from projections.jobs.mails import mail_of
from tests.integration.workers.conftest import World
from tests.integration.workers.test_mails import ask, post
from tests.support.notices import WRITTEN, Written
from tests.support.reminders import Mailroom, free_port, mail_server
from tests.support.webhooks import Webhooks
from workers.mail.transport import SmtpTransport


def comes_back(world: World, mail: EmailMessage, written: Written = WRITTEN["postfix"]) -> None:
    """A mail server hands in its notice of a mail, and the workers hear of it."""
    notice = read_notice(written(str(mail["Message-ID"]), mail["To"].addresses[0].addr_spec).encode())
    with world.pool.connection() as connection:
        row = mail_of(connection, notice, world.company.id)
    assert row is not None
    command = row.bounce(notice)
    assert command is not None
    world.service.execute(command, world.company.context())
    post(world).run()


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_document_that_came_back_is_marked_where_mails_are_watched(world: World, written: Written) -> None:
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    comes_back(world, world.room.delivered[0], written)
    job = world.job(f"mail:invoice:{invoice}:sent")
    (bounced,) = world.company.state(invoice).mails.bounced
    assert (job.status, bounced.letter) == ("sent", "document")
    assert job.outcome is not None
    assert job.outcome["reason"] == f"came back: {bounced.reason}"
    assert "ion@client.example" not in bounced.reason


def test_of_two_mails_of_an_invoice_the_one_that_came_back_is_marked(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    ask(world, invoice, to="alta@adresa.example")
    post(world).run()
    second = next(one for one in world.room.delivered if one["To"].addresses[0].username == "alta")
    comes_back(world, second)
    first = world.job(f"mail:invoice:{invoice}:sent").outcome
    assert first is not None
    assert "reason" not in first
    mails = world.company.state(invoice).mails
    assert [mails.bounce(one.message_id) is None for one in mails.sent] == [True, False]


def test_a_reminder_that_came_back_is_known_as_one_and_the_next_step_has_its_turn(world: World) -> None:
    invoice = world.company.invoice()
    worker = world.worker()
    world.live(worker, days=8)
    comes_back(world, world.room.delivered[0])
    (bounced,) = world.company.state(invoice).mails.bounced
    assert bounced.letter == "reminder"
    outcome = world.job(f"reminder:{invoice}:7").outcome
    assert outcome is not None
    assert outcome["reason"] == f"came back: {bounced.reason}"
    world.live(worker, days=7)
    assert world.company.steps(invoice) == [7, 14]


def test_a_notice_to_the_company_itself_is_about_no_document(world: World) -> None:
    from_workers = Webhooks(database=world.database, ledger=world.ledger, pool=world.pool, clock=world.clock)
    from_workers.lose(world.company)
    room, port = Mailroom(), free_port()
    with mail_server(room, port):
        from_workers.tell(SmtpTransport(f"smtp://127.0.0.1:{port}"))
    notice = read_notice(WRITTEN["postfix"](str(room.delivered[0]["Message-ID"]), "birou@atelier.example").encode())
    with world.pool.connection() as connection:
        row = mail_of(connection, notice)
    assert row is not None
    assert row.bounce(notice) is None
