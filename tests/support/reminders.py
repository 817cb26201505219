"""A small world for tests of reminders: a company, its invoices, a clock that is set by hand, a real mail server."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller
from psycopg_pool import ConnectionPool

from invoicing_domain.categories import INVOICE, ORGANIZATION
from invoicing_domain.clock import Clock
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import (
    DraftInvoice,
    HoldReminders,
    IssueCreditNote,
    RequestReminder,
    ResumeReminders,
    Sending,
)
from invoicing_domain.model.invoice.events import Delivery, Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.party import Buyer, Language
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment
from invoicing_domain.model.vat import Vat
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from workers.jobs.book import Jobs
from workers.jobs.runner import JobRunner
from workers.lookout import Lookout
from workers.mail.envelope import mailbox
from workers.mail.transport import MailTransport
from workers.reminding.candidates import Candidate, Candidates
from workers.reminding.handler import Reminding
from workers.reminding.sweep import ReminderSweep

HOME = StreamId("01940000-0000-8000-8000-000000000001")
ABROAD = StreamId("01940000-0000-8000-8000-000000000002")


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def forward(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass
class LedgerCandidates:
    """Candidates read off the feed: never behind, and so many too many that only the worker's own judgement counts."""

    ledger: Ledger

    def organizations(self) -> Sequence[str]:
        return sorted({one.originator_id for one in self._kinds("Organization")})

    def overdue_unpaid(self, organization_id: str, due_on_or_before: date) -> Sequence[Candidate]:
        del due_on_or_before
        drafted = [one for one in self._kinds("Drafted") if one.meta.organization_id == organization_id]
        versions = {one.originator_id: self.ledger.load(INVOICE, one.originator_id).version for one in drafted}
        return [Candidate(invoice_id=invoice_id, version=version) for invoice_id, version in versions.items()]

    def requested(self, organization_id: str) -> Sequence[Candidate]:
        return self.overdue_unpaid(organization_id, date.max)

    def _kinds(self, name: str) -> list[Any]:
        return [one for one in self.ledger.feed(0, 10_000) if type(one.fact).__name__.startswith(name)]


@dataclass
class GivenCandidates:
    """The candidates that a test names."""

    organization_id: str
    invoice_ids: Sequence[str]

    def organizations(self) -> Sequence[str]:
        return [self.organization_id]

    def overdue_unpaid(self, organization_id: str, due_on_or_before: date) -> Sequence[Candidate]:
        del due_on_or_before
        return self.requested(organization_id)

    def requested(self, organization_id: str) -> Sequence[Candidate]:
        del organization_id
        return [Candidate(invoice_id=invoice_id, version=1_000) for invoice_id in self.invoice_ids]


@dataclass
class Mailroom:
    """What the handler of an SMTP server was given; `verdict` is what it says to each mail."""

    delivered: list[EmailMessage] = field(default_factory=list)
    verdict: str = "250 2.0.0 queued as 4711"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the server's name
        del server, session
        if self.verdict.startswith("2"):
            self.delivered.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.verdict

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.delivered]


@contextmanager
def mail_server(room: Mailroom, port: int) -> Iterator[None]:
    controller = Controller(room, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Company:
    """An organization and what its people do."""

    def __init__(
        self, service: InvoicingService, ledger: Ledger, clock: Clock, organization_id: StreamId = HOME
    ) -> None:
        self._service = service
        self._ledger = ledger
        self._clock = clock
        self._documents = 0
        self.id = organization_id

    def register(self, *, time_zone: str = "Europe/Bucharest", steps: tuple[int, ...] = (7, 14, 30)) -> "Company":
        profile = OrganizationProfile(
            name="Atelierul Ștefan SRL",
            email="birou@atelier.example",
            ibans=("RO49AAAA1B31007593840000",),
            time_zone=time_zone,
            reminder_steps=steps,
        )
        self._run(RegisterOrganization(organization_id=self.id, profile=profile))
        return self

    def invoice(
        self,
        *,
        due_in: int = 0,
        email: str | None = "ion@client.example",
        language: Language = "ro",
        deliver: Delivery = "none",
    ) -> str:
        """Send an invoice of 121.00 RON today."""
        self._documents += 1
        invoice_id = stream_id("invoice", self.id, self._documents)
        organization = self._ledger.load(ORGANIZATION, self.id).state
        assert organization is not None
        buyer = Buyer(customer_id=stream_id("customer", self.id, 1), name="Ion Țăranu", email=email, language=language)
        line = LineInput(description="Masă", quantity=Decimal(1), unit_price=Decimal(100), vat=Vat("S", Decimal(21)))
        self._run(
            DraftInvoice(
                invoice_id=invoice_id,
                reference=self._documents,
                header=Header(customer=buyer, currency="RON", payment_terms_days=due_in),
                lines=(line,),
                sending=Sending(series="IZV", seller=as_seller(organization), default_terms_days=30, deliver=deliver),
            )
        )
        return invoice_id

    def pay(self, invoice_id: str, bani: int = 12_100) -> None:
        self._documents += 1
        self._run(
            RecordPayment(
                payment_id=stream_id("payment", self.id, self._documents),
                document=self._documents,
                customer_id=stream_id("customer", self.id, 1),
                customer_name="Ion Țăranu",
                amount=Money(bani, "RON"),
                date=self.context().today,
                method="bank_transfer",
                allocations=(AllocationWish(invoice_id=StreamId(invoice_id)),),
            )
        )

    def credit(self, invoice_id: str) -> None:
        self._documents += 1
        organization = self._ledger.load(ORGANIZATION, self.id).state
        assert organization is not None
        self._run(
            IssueCreditNote(
                invoice_id=StreamId(invoice_id),
                credit_note_id=stream_id("credit_note", self.id, self._documents),
                reference=self._documents,
                series="IZC",
                seller=as_seller(organization),
                reason="returned",
            )
        )

    def hold(self, invoice_id: str) -> None:
        self._run(HoldReminders(invoice_id=StreamId(invoice_id)))

    def resume(self, invoice_id: str) -> None:
        self._run(ResumeReminders(invoice_id=StreamId(invoice_id)))

    def ask_to_remind(self, invoice_id: str) -> None:
        self._run(RequestReminder(invoice_id=StreamId(invoice_id)))

    def state(self, invoice_id: str) -> Invoice:
        state = self._ledger.load(INVOICE, invoice_id).state
        assert state is not None
        return state

    def steps(self, invoice_id: str) -> list[int]:
        """The reminders that were recorded."""
        return [reminder.step for reminder in self.state(invoice_id).reminders]

    def context(self) -> Context:
        command_id = str(uuid4())
        loaded = self._ledger.load(ORGANIZATION, self.id).state
        now = self._clock.now()
        return Context(
            at=now,
            today=local_date(now, loaded.profile.time_zone if loaded else "Europe/Bucharest"),
            organization_id=self.id,
            actor=Actor(kind="user", id="ana", name="Ana"),
            command_id=command_id,
            correlation_id=command_id,
        )

    def _run(self, command: object) -> None:
        self._service.execute(command, self.context())


@contextmanager
def work_pool(conninfo: str) -> Iterator[ConnectionPool[Any]]:
    with ConnectionPool(conninfo, min_size=1, max_size=2, kwargs={"autocommit": True}) as pool:
        yield pool


@dataclass
class ReminderWorker:
    """The sweep that wishes, and the runner that carries out what was wished."""

    sweep: ReminderSweep
    runner: JobRunner

    def run_once(self) -> int:
        self.sweep.run_once()
        return self.runner.run_once()


def reminder_worker(
    ledger: Ledger,
    pool: ConnectionPool[Any],
    clock: Clock,
    transport: MailTransport,
    *,
    service: InvoicingService | None = None,
    jobs: Jobs | None = None,
    candidates: Candidates | None = None,
    public_url: str | None = None,
) -> ReminderWorker:
    """A worker as a process of its own would have it: nothing remembered but what is in the database."""
    book = jobs or Jobs(pool, worker_id=str(uuid4()))
    lookout = Lookout(ledger, clock)
    recording = service or InvoicingService(ledger)
    reminding = Reminding(
        lookout=lookout,
        service=recording,
        transport=transport,
        mail_from=mailbox("facturi@atelier.example"),
        public_url=public_url,
    )
    return ReminderWorker(
        ReminderSweep(
            lookout=lookout,
            service=recording,
            jobs=book,
            pool=pool,
            candidates=candidates or LedgerCandidates(ledger),
        ),
        JobRunner(jobs=book, handlers=[reminding], clock=clock, chance=lambda: 0.5),
    )
