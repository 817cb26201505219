"""The world of the reminder tests, fresh for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from psycopg_pool import ConnectionPool

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.jobs import weeks_of_calls_in_a_second
from tests.support.reminders import (
    Company,
    HandClock,
    Mailroom,
    ReminderWorker,
    free_port,
    mail_server,
    reminder_worker,
    work_pool,
)
from workers.jobs.book import Jobs
from workers.jobs.job import Job
from workers.mail.handover import DESTINATION
from workers.mail.transport import MailTransport, SmtpTransport


@dataclass
class World:
    database: str
    ledger: Ledger
    pool: ConnectionPool[Any]
    service: InvoicingService
    clock: HandClock
    room: Mailroom
    port: int
    company: Company

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def worker(self, transport: MailTransport | None = None, **others: Any) -> ReminderWorker:
        """A new worker, as after a restart."""
        mails = transport or SmtpTransport(self.smtp_url)
        return reminder_worker(self.ledger, self.pool, self.clock, mails, **others)

    def live(self, worker: ReminderWorker, *, days: int, hours_between: int = 12) -> None:
        """Days pass, and the worker looks every few hours."""
        for _ in range(days * 24 // hours_between):
            self.clock.forward(hours=hours_between)
            worker.run_once()

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.pool, worker_id=str(uuid4()))

    def job(self, effect_key: str) -> Job:
        job = self.jobs.find(effect_key)
        assert job is not None
        return job

    def status(self, invoice_id: str, step: int) -> str | None:
        job = self.jobs.find(f"reminder:{invoice_id}:{step}")
        return None if job is None else job.status


@pytest.fixture
def quiet_world(database: str) -> Iterator[World]:
    """A company, and no mail server yet."""
    ledger = Ledger(database)
    service = InvoicingService(ledger)
    clock = HandClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    with work_pool(database) as pool:
        weeks_of_calls_in_a_second(pool, DESTINATION)
        yield World(
            database=database,
            ledger=ledger,
            pool=pool,
            service=service,
            clock=clock,
            room=Mailroom(),
            port=free_port(),
            company=Company(service, ledger, clock).register(),
        )
    ledger.close()


@pytest.fixture
def world(quiet_world: World) -> Iterator[World]:
    """A company with a mail server that takes everything."""
    with mail_server(quiet_world.room, quiet_world.port):
        yield quiet_world
