"""The command that makes a long history, to try things out and to measure them at scale."""

import time
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console

from deploy import private_files
from deploy.cli.options import Data, Database, database_of, settings_of
from deploy.cli.progress import progress
from deploy.errors import RefusedError
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.dates import local_date

CUSTOMERS_PER_INVOICE = 50
"""How many invoices there are for each customer when nobody says how many customers."""

console = Console()


def demo_data(
    invoices: Annotated[int, typer.Option(help="How many to draft over five years.", min=1, metavar="N")] = 10_000,
    customers: Annotated[
        int | None, typer.Option(help="How many buy.", show_default="one for 50 invoices", min=1, metavar="M")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and --until give the same history.")] = 1,
    until: Annotated[
        str | None, typer.Option(help="The last day, not after yesterday.", show_default="yesterday", metavar="DATE")
    ] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Make up five years of a company: sales, payments, credit notes, reminders. For a database without other facts.

    All of it is recorded in one transaction or, when broken off, nothing; then the read models are rebuilt.

    Example: izvor demo-data --invoices 100000 --customers 2000 --seed 7
    """
    from projections.rebuild import rebuild  # noqa: PLC0415 - other commands start faster without

    last = _last_day(until)
    settings = settings_of(data, database)
    key = settings.secret_key or (None if settings.database_url else private_files.secret_key(settings.data))
    with database_of(settings) as conninfo:
        began = time.monotonic()
        position = record(conninfo, invoices, customers or -(-invoices // CUSTOMERS_PER_INVOICE), seed, last, key)
        recorded = time.monotonic()
        with progress("facts folded") as show:
            for step in rebuild(conninfo, secret_key=key):
                show(step.done, step.total)
        rebuilt = time.monotonic()
    console.print(
        f"{position} facts recorded in {recorded - began:.0f} s, read models rebuilt in {rebuilt - recorded:.0f} s",
        soft_wrap=True,
    )


def record(conninfo: str, invoices: int, customers: int, seed: int, until: date, secret_key: str | None = None) -> int:
    """Returns the position of the last fact."""
    from random import Random  # noqa: PLC0415 - as above

    from deploy.demo_data.desk import Desk  # noqa: PLC0415
    from deploy.demo_data.founding import found  # noqa: PLC0415
    from deploy.demo_data.story import tell  # noqa: PLC0415
    from invoicing_domain.recording.application import Ledger  # noqa: PLC0415
    from invoicing_domain.recording.bulk import bulk  # noqa: PLC0415

    with Ledger(conninfo, secret_key=secret_key) as ledger:
        organization_id = found(ledger, conninfo)
        with progress("invoices drafted") as show, bulk(ledger, conninfo, organization_id) as recording:
            desk = Desk(recording, organization_id, Random(seed))  # noqa: S311 - chance, not a secret
            for done in tell(desk, invoices=invoices, customers=customers, until=until):
                show(done, invoices)
    return recording.position


def _last_day(given: str | None) -> date:
    yesterday = local_date(SystemClock().now(), "Europe/Bucharest") - timedelta(days=1)
    if given is None:
        return yesterday
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise RefusedError(f"--until is a date such as 2026-10-31, not {given!r}") from None
    if not date(2023, 1, 1) <= day <= yesterday:
        raise RefusedError(f"--until lies between 2023-01-01 and yesterday, {yesterday}, not {day}")
    return day
