"""Commands that look into what was recorded: replay, rebuild, check."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import psycopg
import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.cli.options import Data, Database, Json, database_of, present, settings_of
from deploy.cli.progress import progress
from deploy.errors import OperatorError, RefusedError
from invoicing_domain.categories import INVOICE, ORGANIZATION
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import StreamId, resolve
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.effective import effective_date
from invoicing_domain.recording.envelope import Recorded

if TYPE_CHECKING:
    from projections.check import Finding

console = Console()


def replay(
    reference: Annotated[str, typer.Argument(help="Invoice: legal number, reference or id.", metavar="REF")],
    as_of: Annotated[str | None, typer.Option(help="Only what counts by this day.", metavar="DATE")] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was recorded by then.", metavar="INSTANT")] = None,
    version: Annotated[int | None, typer.Option(help="Only the first facts.", min=1)] = None,
    organization: Annotated[str | None, typer.Option(help="Organization id, when a number is not unique.")] = None,
    data: Data = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Tell the history of an invoice, fact by fact, with the state after each.

    Example: izvor replay IZV000017 --as-of 2026-10-31
    """
    from api.translation.past import counting_by  # noqa: PLC0415 - other commands start faster without

    day = _date(as_of)
    instant = _instant(known_at)
    with _ledger_of(data, database) as (ledger, conninfo):
        organization_id, found = _find(ledger, conninfo, reference, organization)
        state = ledger.load(ORGANIZATION, organization_id).state
        zone = state.profile.time_zone if state else "Europe/Bucharest"
        known = [
            one for one in ledger.history(found, up_to_version=version) if instant is None or one.meta.at <= instant
        ]
        facts = counting_by(known, day, zone)
        today = day or _today(conninfo, zone)
    if not facts:
        raise OperatorError(f"invoice {reference} did not exist then")
    (_print_json if as_json else _print_table)(ledger, found, facts, zone, today)


def _today(conninfo: str, time_zone: str) -> date:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return local_date(present(connection), time_zone)


def rebuild(
    models: Annotated[list[str] | None, typer.Argument(help="Read models; all when none is named.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Build read models anew beside the live ones, then switch. Nothing stops meanwhile.

    Example: izvor rebuild invoice_list
    """
    from projections.catalogue import by_name  # noqa: PLC0415 - other commands start faster without
    from projections.rebuild import rebuild as build  # noqa: PLC0415

    try:
        chosen = by_name(tuple(models or ()))
    except ValueError as error:
        raise RefusedError(str(error)) from None
    with database_of(settings_of(data, database)) as conninfo, progress("facts folded") as show:
        for step in build(conninfo, [model.name for model in chosen]):
            show(step.done, step.total)
    console.print(f"rebuilt and switched: {', '.join(model.name for model in chosen)}", soft_wrap=True)


def check(data: Data = None, database: Database = None, as_json: Json = False) -> None:
    """Check that nothing is missing: series without holes, read models equal to the facts, balances that add up.

    Example: izvor check || echo "look at the findings above"
    """
    from projections.check import check as findings_in  # noqa: PLC0415 - other commands start faster without
    from projections.checked import tell, time_of  # noqa: PLC0415

    with database_of(settings_of(data, database)) as conninfo:
        began = time_of(conninfo)
        findings = list(findings_in(conninfo))
        _print_findings(findings, as_json=as_json)  # first of all: that they cannot be kept must not hide them
        try:
            tell(conninfo, began, len(findings))
        except psycopg.Error as error:
            raise OperatorError(f"whoever watches does not learn of this check: {error}") from error
    if findings:
        raise typer.Exit(1)
    if not as_json:
        console.print("[green]ok[/] series have no hole, read models equal the facts, balances add up")


def _print_findings(findings: "list[Finding]", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(msgspec.to_builtins(findings), indent=2, ensure_ascii=False))  # noqa: T201 - the output
        return
    for finding in findings:
        line = f"[red]wrong[/] {finding.check}: {escape(finding.subject)} {escape(finding.detail)}"
        console.print(line, soft_wrap=True)


@contextmanager
def _ledger_of(data: Any, database: str | None) -> Iterator[tuple[Ledger, str]]:
    with database_of(settings_of(data, database)) as conninfo:
        ledger = Ledger(conninfo)
        try:
            yield ledger, conninfo
        finally:
            ledger.close()


def _find(ledger: Ledger, conninfo: str, reference: str, organization: str | None) -> tuple[str, StreamId]:
    """The invoice that a person means, by id or reference, else by legal number."""
    candidates = [organization] if organization else list(ledger.organizations())
    found: list[tuple[str, StreamId]] = []
    for one in candidates:
        stream = resolve("invoice", one, reference)
        if stream is not None and ledger.load(INVOICE, stream).state is not None:
            found.append((one, stream))
    if not found:
        found = _by_number(conninfo, reference, candidates)
    if not found:
        raise OperatorError(f"there is no invoice {reference}")
    if len(found) > 1:
        raise OperatorError(f"several organizations have an invoice {reference}: give --organization ID")
    return found[0]


def _by_number(conninfo: str, number: str, organizations: list[str]) -> list[tuple[str, StreamId]]:
    from projections.invoice_list.query import get  # noqa: PLC0415 - beside its only use

    with psycopg.connect(conninfo, autocommit=True) as connection:
        rows = [(one, get(connection, one, number=number)) for one in organizations]
    return [(one, StreamId(row.invoice_id)) for one, row in rows if row is not None]


def _states(facts: list[Recorded]) -> Iterator[tuple[Recorded, Invoice]]:
    state: Invoice | None = None
    for recorded in facts:
        state = INVOICE.evolve(state, recorded.fact)
        yield recorded, state


def _print_table(_: Ledger, found: str, facts: list[Recorded], zone: str, today: date) -> None:
    from api.translation.summaries import summary  # noqa: PLC0415 - as above

    table = Table(title=f"invoice {found}", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("recorded (UTC)", no_wrap=True)
    table.add_column("what happened", ratio=1)
    table.add_column("then", no_wrap=True)
    table.add_column("balance", justify="right", no_wrap=True)
    for recorded, state in _states(facts):
        table.add_row(
            str(recorded.originator_version),
            recorded.meta.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            f"{escape(summary(recorded.fact))}\n[dim]{escape(_circumstances(recorded, zone))}[/]",
            state.status(today),
            f"{state.balance.decimal:,f} {state.currency}" if state.sent else "",
        )
    console.print(table)


def _circumstances(recorded: Recorded, zone: str) -> str:
    """Who did it, for which day when that is another one, and why."""
    meta = recorded.meta
    effective = effective_date(recorded, zone)
    parts = [meta.actor.name]
    if effective != local_date(meta.at, zone):
        parts.append(f"effective {effective.isoformat()}")
    if meta.reason:
        parts.append(meta.reason)
    return ", ".join(parts)


def _print_json(ledger: Ledger, found: str, facts: list[Recorded], zone: str, today: date) -> None:
    from api.translation import rendering  # noqa: PLC0415 - as above
    from api.translation.summaries import summary  # noqa: PLC0415

    for recorded, state in _states(facts):
        view = rendering.invoice(found, state, today, recorded.originator_version, recorded.position)
        entry = {
            "version": recorded.originator_version,
            "position": recorded.position,
            "type": ledger.codec.topic(recorded.fact),
            "recorded_at": recorded.meta.at.isoformat(),
            "effective_date": effective_date(recorded, zone).isoformat(),
            "actor": msgspec.to_builtins(recorded.meta.actor),
            "reason": recorded.meta.reason,
            "summary": summary(recorded.fact),
            "state": msgspec.to_builtins(view),
        }
        print(json.dumps(entry, ensure_ascii=False))  # noqa: T201 - the output of the command


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RefusedError(f"--as-of is a date such as 2026-10-31, not {text!r}") from None


def _instant(text: str | None) -> datetime | None:
    try:
        instant = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        instant = None
        raise RefusedError(f"--known-at is an instant such as 2026-10-31T12:00:00Z, not {text!r}") from None
    if instant is not None and instant.tzinfo is None:
        raise RefusedError("--known-at needs a zone, such as Z or +02:00")
    return instant
