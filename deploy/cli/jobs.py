"""What the workers do outside (mails, webhooks), and what a person decides about it; every decision is recorded."""

import json
from typing import Annotated

import msgspec
import typer

from deploy.cli.job_parts import (
    WILL,
    Error,
    OfQueue,
    Organization,
    Reason,
    Since,
    Status,
    console,
    deciding,
    filter_of,
    jobs_table,
    reading,
    seller_of,
)
from deploy.cli.many_jobs import many
from deploy.cli.options import Data, Database, Json
from deploy.errors import OperatorError
from deploy.first_start import operator_context
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job.commands import Decision, command_of
from projections.jobs import query
from projections.jobs.query import JobRow
from projections.rows import Connection

jobs = typer.Typer(
    help=(
        "What the workers do outside (mails, webhooks), and papers that could not be printed.\n\n"
        "Example: izvor jobs list --status in_doubt"
    ),
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(help="The job's number, as `izvor jobs list` shows it.", min=1)]


@jobs.command("list")
def list_jobs(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    queue: OfQueue = None,
    since: Since = None,
    error: Error = None,
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
    wanted = filter_of(status, queue, since, error)
    with reading(data, database) as connection:
        rows = query.list_jobs(connection, seller_of(connection, organization), wanted, before=before, limit=limit)
    if as_json:
        print(json.dumps(msgspec.to_builtins(rows), indent=2, ensure_ascii=False))  # noqa: T201 - the output
    else:
        console.print(jobs_table(rows))


@jobs.command()
def show(number: Number, organization: Organization = None, data: Data = None, database: Database = None) -> None:
    """Show a job with its attempts, as JSON.

    Example: izvor jobs show 17
    """
    with reading(data, database) as connection:
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
    _decide("retry", number, reason, organization, data, database)


@jobs.command()
def cancel(
    number: Number, reason: Reason, organization: Organization = None, data: Data = None, database: Database = None
) -> None:
    """Give a waiting, dead or doubtful job up: nothing goes out any more.

    Example: izvor jobs cancel 17 --reason "the customer called"
    """
    _decide("cancel", number, reason, organization, data, database)


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
    _decide("went_out" if went_out else "not_sent", number, reason, organization, data, database)


jobs.command()(many)


def _decide(
    decision: Decision, number: int, reason: str, organization: str | None, data: Data, database: str | None
) -> None:
    with deciding(data, database) as (connection, service):
        row = _find(connection, number, organization)
        command = command_of(decision, stream_id("job", row.organization_id, row.id), row.seen, reason)
        service.execute(command, operator_context(row.organization_id))
    console.print(f"{row.effect_key} {WILL[decision]}", soft_wrap=True)


def _find(connection: Connection, number: int, organization: str | None) -> JobRow:
    row = query.find(connection, seller_of(connection, organization), number)
    if row is None:
        raise OperatorError(f"there is no job {number}")
    return row
