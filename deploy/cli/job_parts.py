"""What the commands about jobs share: how jobs are named and filtered, and where they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.options import Data, database_of, settings_of
from deploy.cli.tables import table_of
from deploy.errors import RefusedError
from invoicing_domain.model.job.commands import Decision
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.jobs.query import JobFilter, JobRow
from projections.organization_list import query as organization_list
from projections.rows import Connection

console = Console(markup=False)
"""What other servers said is shown as it is: brackets in it are no markup."""

WILL: Final[dict[Decision, str]] = {
    "retry": "will be tried again",
    "cancel": "is given up",
    "went_out": "went out",
    "not_sent": "will be done again",
}
"""What becomes of a job after a decision."""


class Status(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    DEAD = "dead"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Queue(StrEnum):
    MAILS = "mails"
    REMINDERS = "reminders"
    NOTICES = "notices"
    WEBHOOKS = "webhooks"
    PAPERS = "papers"
    DEAD_LETTERS = "dead-letters"


Organization = Annotated[str | None, typer.Option(help="Organization id, when there are several.", metavar="ID")]
Reason = Annotated[str, typer.Option(help="Why; it is recorded with your decision.")]
OfQueue = Annotated[Queue | None, typer.Option(help="Only these.")]
Since = Annotated[
    str | None, typer.Option(help="Only those that stand like that since then, such as 2026-10-31T12:00:00Z.")
]
Error = Annotated[str | None, typer.Option(help="Only those with this text in what was said last.", metavar="TEXT")]


def filter_of(status: Status | None, queue: Queue | None, since: str | None, error: str | None) -> JobFilter:
    try:
        instant = None if since is None else datetime.fromisoformat(since)
    except ValueError:
        raise RefusedError(f"--since is an instant such as 2026-10-31T12:00:00Z, not {since!r}") from None
    if instant is not None and instant.tzinfo is None:
        raise RefusedError("--since needs a zone, such as Z or +02:00")
    return JobFilter(status=None if status is None else status.value, queue=queue, since=instant, error=error)


def jobs_table(rows: list[JobRow]) -> Table | str:
    columns = ("number", "status", "what", "attempts", "not before", "said")
    return table_of(columns, map(_cells, rows), none="no such jobs")


def _cells(row: JobRow) -> tuple[str, ...]:
    due = row.run_at.strftime("%Y-%m-%d %H:%M") if row.run_at and row.status == "ready" else ""
    return (str(row.id), row.status, row.effect_key, str(row.attempt), due, row.reason or row.answer or "")


def seller_of(connection: Connection, organization: str | None) -> str:
    known = [row.organization_id for row in organization_list.organizations(connection)]
    found = [one for one in known if organization in {None, one}]
    if len(found) != 1:
        raise RefusedError(f"give --organization with one of: {', '.join(known) or 'none yet'}")
    return found[0]


@contextmanager
def reading(data: Data, database: str | None) -> Iterator[Connection]:
    with (
        database_of(settings_of(data, database)) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
    ):
        yield connection


@contextmanager
def deciding(data: Data, database: str | None) -> Iterator[tuple[Connection, InvoicingService]]:
    settings = settings_of(data, database)
    with (
        database_of(settings) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
        Ledger(conninfo, secret_key=settings.secret_key) as ledger,
    ):
        yield connection, InvoicingService(ledger)
