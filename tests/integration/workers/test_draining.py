"""A worker that is told to end amid its work ends what it is at, and leaves the rest to whoever comes next."""

import asyncio
import signal
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import psycopg

from invoicing_domain.service import InvoicingService
from tests.integration.workers.test_wiring import sandbox
from tests.support.processes import finish, line_of, python, wait_until
from tests.support.reminders import Company, Mailroom, free_port, mail_server

WORK = """
import signal, sys
from pathlib import Path
from threading import Event
from workers.wiring import WorkSettings, run

stop = Event()

def told(*_):
    stop.set()
    print("told", flush=True)

signal.signal(signal.SIGTERM, told)
database, folder, smtp_url = sys.argv[1:]
settings = WorkSettings(
    conninfo=database, outbox=Path(folder), smtp_url=smtp_url, mail_from="facturi@atelier.example", test_clock=True
)
run(["follower", "jobs"], settings, stop)
print("ended", flush=True)
"""
BEFORE = 2


@dataclass
class Slow(Mailroom):
    """Takes two mails at once, and takes its time with the next."""

    busy: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the server's name
        if len(self.delivered) == BEFORE:
            self.busy.set()
            await asyncio.to_thread(self.go_on.wait)
        return await super().handle_DATA(server, session, envelope)


def test_told_to_end_amid_many_mails_it_ends_the_one_under_way_and_leaves_no_doubt(
    database: str, tmp_path: Path
) -> None:
    room, port = Slow(), free_port()
    with mail_server(room, port), sandbox(database) as (ledger, clock):
        company = Company(InvoicingService(ledger), ledger, clock).register()
        invoices = [company.invoice(deliver="email") for _ in range(8)]
        process = python(WORK, database, str(tmp_path), f"smtp://127.0.0.1:{port}")
        try:
            wait_until(room.busy.is_set)
            process.send_signal(signal.SIGTERM)
            assert line_of(process) == "told"
            room.go_on.set()
            assert line_of(process) == "ended"
            assert process.wait() == 0
        finally:
            finish(process)
        recorded = [len(company.state(invoice).mails.sent) for invoice in invoices]
    assert (len(room.delivered), sum(recorded)) == (BEFORE + 1, BEFORE + 1)
    assert jobs_by_status(database) == {"sent": BEFORE + 1, "ready": 8 - BEFORE - 1}


def jobs_by_status(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        return dict(connection.execute("SELECT status, count(*) FROM work.job GROUP BY status").fetchall())
