"""Messages from Kafka that could not be done, of all organizations, and what the operator decides about them."""

import json
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from deploy.cli.job_parts import Reason, Status, console, deciding, reading
from deploy.cli.options import Data, Database, Json, cluster_of, settings_of
from deploy.cli.tables import table_of
from deploy.errors import OperatorError
from deploy.first_start import operator_context
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job.commands import Decision, command_of
from projections.jobs import dead_letters, query
from projections.jobs.dead_letters import LetterRow
from projections.rows import Connection

if TYPE_CHECKING:
    from workers.kafka.cluster import Cluster

letters = typer.Typer(
    help="Messages from Kafka that could not be done, and why.\n\nExample: izvor dead-letters list --status dead",
    no_args_is_help=True,
)
Number = Annotated[int, typer.Argument(help="The letter's number, as `izvor dead-letters list` shows it.", min=1)]


@letters.command("list")
def list_letters(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 50,
    before: Annotated[int | None, typer.Option(help="Only letters older than this number.", min=1)] = None,
    as_json: Json = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """List dead letters, newest first: dead, or what became of them (sent: handed in again).

    Example: izvor dead-letters list --status dead
    """
    with reading(data, database) as connection:
        rows = dead_letters.list_letters(
            connection, status=None if status is None else status.value, before=before, limit=limit
        )
    if as_json:
        print(json.dumps(msgspec.to_builtins(rows), indent=2, ensure_ascii=False))  # noqa: T201 - the output
        return
    columns = ("number", "status", "since", "from", "said")
    console.print(table_of(columns, map(_cells, rows), none="no such dead letters"))


@letters.command()
def show(number: Number, data: Data = None, database: Database = None) -> None:
    """Show a letter as JSON: why it is dead, what was tried, and the message as it came (needs IZVOR_KAFKA).

    Example: izvor dead-letters show 17
    """
    cluster = cluster_of(settings_of(data, database))
    with reading(data, database) as connection:
        row = _find(connection, number)
        tried = query.attempts(connection, row.organization_id, row.id)
    shown = {
        **msgspec.to_builtins(row),
        "attempts": msgspec.to_builtins(tried),
        "message": None if cluster is None else _message(cluster, row),
    }
    print(json.dumps(shown, indent=2, ensure_ascii=False))  # noqa: T201 - the output


@letters.command()
def replay(number: Number, reason: Reason, data: Data = None, database: Database = None) -> None:
    """Hand a message in again as it came, with the same id: what was done already is not done twice.

    The worker `dead-letters` does it; the decision is recorded. Once more after that is refused.

    Example: izvor dead-letters replay 17 --reason "the organization exists now"
    """
    _decide("retry", number, reason, data, database)
    console.print(f"letter {number} will be handed in again")


@letters.command()
def dismiss(number: Number, reason: Reason, data: Data = None, database: Database = None) -> None:
    """Be done with a letter: it is kept, and nobody is alarmed any more. `replay` takes that back.

    Example: izvor dead-letters dismiss 17 --reason "a test of the shop"
    """
    _decide("cancel", number, reason, data, database)
    console.print(f"letter {number} is dismissed")


def _decide(decision: Decision, number: int, reason: str, data: Data, database: str | None) -> None:
    with deciding(data, database) as (connection, service):
        row = _find(connection, number)
        command = command_of(decision, stream_id("job", row.organization_id, row.id), row.seen, reason)
        service.execute(command, operator_context(row.organization_id))


def _find(connection: Connection, number: int) -> LetterRow:
    row = dead_letters.find_letter(connection, number)
    if row is None:
        raise OperatorError(f"there is no dead letter {number}")
    return row


def _message(cluster: "Cluster", row: LetterRow) -> dict[str, object] | None:
    """The message, read from its topic; None when that keeps it no more."""
    from workers.bridge.dead_letters import letter_of  # noqa: PLC0415 - other commands start faster without
    from workers.kafka.cluster import TROUBLE  # noqa: PLC0415
    from workers.kafka.dead_letters import DeadLetterOffice  # noqa: PLC0415

    place = {"origin": row.origin, "partition": row.partition, "offset": row.offset}
    try:
        letter = letter_of(DeadLetterOffice(cluster), place)
    except TROUBLE as lost:
        raise OperatorError(f"Kafka cannot show the message: {lost}") from lost
    if letter is None:
        return None
    return {
        "key": letter.key and letter.key.decode(errors="replace"),
        "headers": {name: value.decode(errors="replace") for name, value in letter.headers},
        "value": letter.value.decode(errors="replace") if letter.whole else None,
    }


def _cells(row: LetterRow) -> tuple[str, ...]:
    since = row.changed_at.strftime("%Y-%m-%d %H:%M")
    return (str(row.id), row.status, since, row.origin.partition(" of ")[0], row.reason or row.answer or "")
