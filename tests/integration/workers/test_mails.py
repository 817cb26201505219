"""Invoices and credit notes by mail, on a real database and a real mail server: arrived once, or refused."""

import signal
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Event
from uuid import uuid4

import pytest

from invoicing_domain.categories import CREDIT_NOTE
from invoicing_domain.model.context import Actor
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.identity import StreamId, template_id
from invoicing_domain.model.invoice.events import Emailed, EmailFailed
from invoicing_domain.model.letter_template.commands import ChangeTemplate
from invoicing_domain.model.letter_template.events import LetterTemplate
from invoicing_domain.model.mailing import MailedKind, Mails, RequestEmail
from invoicing_domain.publishing import Publishing
from tests.integration.workers.conftest import World
from tests.support.jobs import AllThereIs
from tests.support.processes import finish, line_of, python
from tests.support.reminders import mail_server
from workers.following.follower import JobFollower
from workers.jobs.book import Jobs
from workers.jobs.runner import JobRunner
from workers.lookout import Lookout
from workers.mail.envelope import mailbox
from workers.mail.handover import AGAIN_AFTER
from workers.mail.mailing import Mailing
from workers.mail.transport import Handed, MailInDoubt, MailTransport, SmtpTransport


@dataclass
class Post:
    """The workers that bring documents to their readers."""

    world: World
    follower: JobFollower
    transport: MailTransport | None = None

    def run(self) -> int:
        self.follower.run_once(Event())
        return self.runner().run_once()

    def runner(self) -> JobRunner:
        world = self.world
        mailing = Mailing(
            ledger=world.ledger,
            lookout=Lookout(world.ledger, world.clock),
            service=world.service,
            publishing=Publishing(world.ledger, world.service),
            transport=self.transport or SmtpTransport(world.smtp_url),
            mail_from=mailbox("facturi@atelier.example"),
        )
        jobs = Jobs(world.pool, worker_id=str(uuid4()))
        return JobRunner(jobs=jobs, handlers=[mailing], clock=world.clock, chance=lambda: 0.5)


def post(world: World, transport: MailTransport | None = None) -> Post:
    feed = AllThereIs(world.database, world.ledger)
    return Post(world, JobFollower(feed=feed, pool=world.pool, clock=world.clock), transport)


def ask(world: World, document: str, to: str | None = None, kind: MailedKind = "invoice") -> None:
    command = RequestEmail(kind=kind, document_id=StreamId(document), to=to)
    world.service.execute(command, world.company.context())


def mails(world: World, invoice: str) -> Mails:
    return world.company.state(invoice).mails


def test_an_invoice_sent_by_mail_arrives_once_with_its_paper(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    assert [post(world).run() for _ in range(3)] == [1, 0, 0]
    (mail,) = world.room.delivered
    assert mail["Subject"] == "Factura IZV000001 de la Atelierul Ștefan SRL"
    assert mail["To"].addresses[0].addr_spec == "ion@client.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "birou@atelier.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "121,00" in text_of(mail)
    (paper,) = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == ("IZV000001.pdf", "application/pdf")
    kept = Publishing(world.ledger, world.service).invoice(StreamId(invoice), world.company.context())
    assert paper.get_content() == kept.content


def test_what_went_out_is_a_fact_of_the_worker(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    last = world.ledger.history(invoice)[-1]
    assert isinstance(last.fact, Emailed)
    assert last.meta.actor == Actor(kind="worker", id="mails", name="Mails")
    assert last.meta.causation_id == f"mail:invoice:{invoice}:sent"
    assert (last.fact.to, last.fact.sent_at) == ("ion@client.example", world.clock.now())
    assert last.fact.message_id == world.room.delivered[0]["Message-ID"]
    outcome = world.job(f"mail:invoice:{invoice}:sent").outcome
    assert outcome is not None
    assert "to" not in outcome


def test_an_invoice_that_was_not_sent_by_mail_stays_at_home(world: World) -> None:
    world.company.invoice()
    assert post(world).run() == 0


def test_an_old_invoice_is_not_mailed_by_itself(world: World) -> None:
    world.company.invoice(deliver="email")
    world.clock.forward(days=11)
    assert post(world).run() == 0


def test_a_paid_invoice_is_mailed_all_the_same(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    world.company.pay(invoice)
    assert post(world).run() == 1


def test_it_speaks_the_customer_s_language(world: World) -> None:
    world.company.invoice(deliver="email", language="en")
    post(world).run()
    assert world.room.subjects() == ["Invoice IZV000001 from Atelierul Ștefan SRL"]


def test_without_an_address_the_reason_is_a_fact(world: World) -> None:
    invoice = world.company.invoice(deliver="email", email=None)
    assert post(world).run() == 0
    (failed,) = mails(world, invoice).failed
    assert (failed.to, failed.reason) == ("", "the customer has no e-mail address")


def test_a_refused_recipient_is_a_fact_with_the_server_s_code_and_without_a_second_try(world: World) -> None:
    world.room.verdict = "550 5.1.1 no such mailbox: ion@client.example"
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    world.room.verdict = "250 ok"
    world.clock.forward(days=2)
    post(world).run()
    (failed,) = mails(world, invoice).failed
    assert isinstance(failed, EmailFailed)
    assert (failed.to, failed.reason) == ("ion@client.example", "550 5.1.1 no such mailbox: (the recipient)")
    assert world.room.delivered == []


def test_a_server_that_is_down_is_waited_for(quiet_world: World) -> None:
    invoice = quiet_world.company.invoice(deliver="email")
    post(quiet_world).run()
    quiet_world.clock.forward(days=1)
    with mail_server(quiet_world.room, quiet_world.port):
        assert post(quiet_world).run() == 1
    assert len(mails(quiet_world, invoice).sent) == 1


def test_who_asks_again_gets_another_mail_at_the_address_of_the_request(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    ask(world, invoice, to="contabilitate@client.example")
    ask(world, invoice)
    post(world).run()
    assert [mail["To"].addresses[0].addr_spec for mail in world.room.delivered] == [
        "ion@client.example",
        "contabilitate@client.example",
        "ion@client.example",
    ]
    assert len({mail["Message-ID"] for mail in world.room.delivered}) == 3
    assert mails(world, invoice).open == ()


def test_a_credit_note_goes_out_when_asked_for(world: World) -> None:
    invoice = world.company.invoice()
    world.company.credit(invoice)
    note_id = world.company.state(invoice).credit_notes[0].credit_note_id
    ask(world, note_id, kind="credit_note")
    post(world).run()
    assert world.room.subjects() == ["Nota de credit IZC000001 de la Atelierul Ștefan SRL"]
    note = world.ledger.load(CREDIT_NOTE, note_id).state
    assert isinstance(note, CreditNote)
    assert [one.request for one in note.mails.sent] == [1]


def test_two_followers_and_two_runners_bring_each_invoice_once(world: World) -> None:
    invoices = [world.company.invoice(deliver="email") for _ in range(3)]
    posts = [post(world), post(world)]
    for one in posts * 2:
        one.run()
    assert len(world.room.delivered) == 3
    assert [len(mails(world, invoice).sent) for invoice in invoices] == [1, 1, 1]


class Doubtful(SmtpTransport):
    """The mail arrives, and the answer does not."""

    def send(self, message: EmailMessage) -> Handed:
        super().send(message)
        raise MailInDoubt("the connection was lost")


def test_a_mail_in_doubt_goes_out_again_later_as_the_same_mail(world: World) -> None:
    invoice = world.company.invoice(deliver="email")
    post(world, Doubtful(world.smtp_url)).run()
    assert post(world).run() == 0
    world.clock.forward(seconds=AGAIN_AFTER.total_seconds())
    assert post(world).run() == 1
    assert len(mails(world, invoice).sent) == 1
    first, second = world.room.delivered
    assert first["Message-ID"] == second["Message-ID"]


DYING = """
import os, signal, sys
from datetime import datetime, timedelta
from threading import Event
from uuid import uuid4
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.jobs import AllThereIs
from tests.support.reminders import HandClock, work_pool
from workers.jobs.book import Jobs
from workers.following.follower import JobFollower
from workers.jobs.runner import JobRunner
from workers.lookout import Lookout
from workers.mail.envelope import mailbox
from workers.mail.transport import SmtpTransport
from workers.mail.mailing import Mailing

database, smtp_url, instant, moment = sys.argv[1:]

def dies(at):
    if moment == at:
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

class Transport(SmtpTransport):
    def send(self, message):
        dies("before handing over")
        handed = super().send(message)
        dies("after handing over")
        return handed

class Book(Jobs):
    def claim(self, *arguments):
        job = super().claim(*arguments)
        dies("after the claim")
        return job

    def finish(self, *arguments):
        status = super().finish(*arguments)
        dies("before recording")
        return status

    def recorded(self, *arguments):
        dies("after recording")
        super().recorded(*arguments)

class Feed(AllThereIs):
    def follow(self, *arguments):
        for batch in super().follow(*arguments):
            yield batch
            dies("after the wish")

ledger = Ledger(database)
clock = HandClock(datetime.fromisoformat(instant))
with work_pool(database) as pool:
    JobFollower(feed=Feed(database, ledger), pool=pool, clock=clock).run_once(Event())
    service = InvoicingService(ledger)
    mailing = Mailing(
        ledger=ledger, lookout=Lookout(ledger, clock), service=service, publishing=Publishing(ledger, service),
        transport=Transport(smtp_url), mail_from=mailbox("facturi@atelier.example"),
    )
    JobRunner(
        jobs=Book(pool, worker_id=str(uuid4()), lease=timedelta(seconds=0)), handlers=[mailing], clock=clock
    ).run_once()
"""


def dies_at(world: World, moment: str) -> None:
    """A worker process that follows and carries out, and dies at a moment of it; its lease is over at once."""
    process = python(DYING, world.database, world.smtp_url, world.clock.now().isoformat(), moment)
    try:
        assert line_of(process) == "dying"
        assert process.wait() == -signal.SIGKILL
    finally:
        finish(process)


@pytest.mark.parametrize(
    ("moment", "delivered"),
    [
        ("after the wish", 1),
        ("after the claim", 1),
        ("before handing over", 1),
        ("after handing over", 2),
        ("before recording", 1),
        ("after recording", 1),
    ],
)
def test_a_worker_killed_anywhere_brings_the_invoice_and_records_it_once(
    world: World, moment: str, delivered: int
) -> None:
    """Killed between the mail and its answer nobody knows whether it went out: then it goes out again, as the same."""
    invoice = world.company.invoice(deliver="email")
    dies_at(world, moment)
    for _ in range(3):
        post(world).run()
        world.clock.forward(seconds=AGAIN_AFTER.total_seconds())
    assert len(world.room.delivered) == delivered
    assert len({mail["Message-ID"] for mail in world.room.delivered}) == 1
    assert len(mails(world, invoice).sent) == 1


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def test_own_words_of_the_seller_go_out(world: World) -> None:
    own = LetterTemplate(subject="A noastră: {{ mail.number }}")
    for kind in ("invoice", "reminder"):
        set_own = ChangeTemplate(
            template_id=template_id(world.company.id, kind, "ro"),
            kind="invoice" if kind == "invoice" else "reminder",
            language="ro",
            template=own,
        )
        world.service.execute(set_own, world.company.context())
    world.company.invoice(deliver="email")
    post(world).run()
    world.clock.forward(days=7)
    world.worker().run_once()
    assert world.room.subjects() == ["A noastră: IZV000001"] * 2
