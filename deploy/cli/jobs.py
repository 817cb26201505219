"""What the workers do outside (mails), and what a person decides about it; every decision is recorded."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import msgspec
import psycopg
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from deploy.cli.options import Data, Database, Json, database_of, settings_of
from deploy.errors import OperatorError, RefusedError
from deploy.first_start import operator_context
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job.commands import CancelJob, DecideJob, RetryJob, SeenJob
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.jobs import query
from projections.jobs.query import JobRow
from projections.organization_list import query as organization_list
from projections.rows import Connection

jobs = typer.Typer(
    help="What the workers do outside (mails).\n\nExample: izvor jobs list --status in_doubt", no_args_is_help=True
)
console = Console()

Organization = Annotated[str | None, typer.Option(help="Organization id, when there are several.", metavar="ID")]
Number = Annotated[int, typer.Argument(help="The job's number, as `izvor jobs list` shows it.", min=1)]
Reason = Annotated[str, typer.Option(help="Why; it is recorded with your decision.")]


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


@jobs.command("list")
def list_jobs(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    queue: Annotated[Queue | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 50,
    before: Annotated[int | None, typer.Option(help="Only jobs older than this number.", min=1)] = None,
    organization: Organization = None,
    as_json: Json = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """List jobs, newest first.

    Example: izvor jobs list --status in_doubt
    """
    with _open(data, database) as connection:
        rows = query.list_jobs(
            connection,
            _seller(connection, organization),
            status=None if status is None else status.value,
            queue=queue,
            before=before,
            limit=limit,
        )
    if as_json:
        print(json.dumps(msgspec.to_builtins(rows), indent=2, ensure_ascii=False))  # noqa: T201 - the output
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("number", "status", "what", "attempts", "not before", "said"):
        table.add_column(column)
    for row in rows:
        due = row.run_at.strftime("%Y-%m-%d %H:%M") if row.run_at and row.status == "ready" else ""
        table.add_row(str(row.id), row.status, row.effect_key, str(row.attempt), due, row.reason or row.answer or "")
    console.print(table)


@jobs.command()
def show(number: Number, organization: Organization = None, data: Data = None, database: Database = None) -> None:
    """Show a job with its attempts, as JSON.

    Example: izvor jobs show 17
    """
    with _open(data, database) as connection:
        row = _find(connection, number, organization)
        tried = query.attempts(connection, row.organization_id, row.id)
    shown = {**msgspec.to_builtins(row), "attempts": msgspec.to_builtins(tried)}
    print(json.dumps(shown, indent=2, ensure_ascii=False))  # noqa: T201 - the output


@jobs.command()
def retry(
    number: Number, reason: Reason, organization: Organization = None, data: Data = None, database: Database = None
) -> None:
    """Try a dead or cancelled job again, if it is still wanted.

    Example: izvor jobs retry 17 --reason "the mailbox exists again"
    """
    with _decided(number, organization, data, database) as (row, seen, service):
        command = RetryJob(job_id=stream_id("job", row.organization_id, row.id), seen=seen, reason=reason)
        service.execute(command, operator_context(row.organization_id))
    console.print(f"{row.effect_key} will be tried again", soft_wrap=True)


@jobs.command()
def cancel(
    number: Number, reason: Reason, organization: Organization = None, data: Data = None, database: Database = None
) -> None:
    """Give a waiting, dead or doubtful job up: nothing goes out any more.

    Example: izvor jobs cancel 17 --reason "the customer called"
    """
    with _decided(number, organization, data, database) as (row, seen, service):
        command = CancelJob(job_id=stream_id("job", row.organization_id, row.id), seen=seen, reason=reason)
        service.execute(command, operator_context(row.organization_id))
    console.print(f"{row.effect_key} is given up", soft_wrap=True)


@jobs.command()
def decide(
    number: Number,
    went_out: Annotated[bool, typer.Option("--went-out/--not-sent", help="What you found out.", show_default=False)],
    reason: Reason,
    organization: Organization = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Say whether a job in doubt went out: it is recorded, or it is done again if it is still wanted.

    Example: izvor jobs decide 17 --went-out --reason "it is in the mail server's log"
    """
    with _decided(number, organization, data, database) as (row, seen, service):
        job_id = stream_id("job", row.organization_id, row.id)
        command = DecideJob(job_id=job_id, seen=seen, went_out=went_out, reason=reason)
        service.execute(command, operator_context(row.organization_id))
    console.print(f"{row.effect_key} {'went out' if went_out else 'will be done again'}", soft_wrap=True)


@contextmanager
def _decided(
    number: int, organization: str | None, data: Data, database: str | None
) -> Iterator[tuple[JobRow, SeenJob, InvoicingService]]:
    settings = settings_of(data, database)
    with database_of(settings) as conninfo:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            row = _find(connection, number, organization)
        seen = SeenJob(reference=row.id, effect_key=row.effect_key, status=row.status, attempt=row.attempt)
        ledger = Ledger(conninfo, secret_key=settings.secret_key)
        try:
            yield row, seen, InvoicingService(ledger)
        finally:
            ledger.close()


@contextmanager
def _open(data: Data, database: str | None) -> Iterator[Connection]:
    with (
        database_of(settings_of(data, database)) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
    ):
        yield connection


def _find(connection: Connection, number: int, organization: str | None) -> JobRow:
    row = query.find(connection, _seller(connection, organization), number)
    if row is None:
        raise OperatorError(f"there is no job {number}")
    return row


def _seller(connection: Connection, organization: str | None) -> str:
    known = [row.organization_id for row in organization_list.organizations(connection)]
    found = [one for one in known if organization in {None, one}]
    if len(found) != 1:
        raise RefusedError(f"give --organization with one of: {', '.join(known) or 'none yet'}")
    return found[0]
