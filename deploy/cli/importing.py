"""Commands that take in files at hand."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.translation.rates_xml import NotRatesError, read_rates
from deploy import first_start
from deploy.cli.options import Data, Database, Json, database_of, settings_of
from deploy.errors import OperatorError, RefusedError
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.model.exchange.commands import PublishRates
from invoicing_domain.model.exchange.events import DayRates
from invoicing_domain.model.identity import rates_id
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService

console = Console()


def import_rates(
    file: Annotated[Path, typer.Argument(help="nbrfxrates.xml of BNR, of a day or of a year.", metavar="FILE")],
    organization: Annotated[str | None, typer.Option(help="Organization id; all when none is named.")] = None,
    data: Data = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Take down the exchange rates that BNR published; days that are known already say nothing new.

    Example: izvor import-rates nbrfxrates.xml
    """
    days = _read(file)
    with database_of(settings_of(data, database)) as conninfo:
        ledger = Ledger(conninfo)
        try:
            for organization_id in _organizations(ledger, organization):
                _publish(ledger, organization_id, days)
        finally:
            ledger.close()
    said = {"file": str(file), "days": len(days), "first": str(days[0].date), "last": str(days[-1].date)}
    if as_json:
        print(json.dumps(said, ensure_ascii=False))  # noqa: T201 - the output of the command
    else:
        console.print(f"rates of {said['days']} days, {said['first']} to {said['last']}", soft_wrap=True)


def _read(file: Path) -> tuple[DayRates, ...]:
    try:
        return read_rates(file.read_bytes())
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}") from None
    except NotRatesError as error:
        raise RefusedError(f"{file}: {error}") from None


def _organizations(ledger: Ledger, wanted: str | None) -> list[str]:
    known = ledger.organizations()
    if wanted is not None and wanted not in known:
        raise OperatorError(f"there is no organization {wanted}: see `izvor organization list`")
    return known if wanted is None else [wanted]


def _publish(ledger: Ledger, organization_id: str, days: tuple[DayRates, ...]) -> None:
    state = ledger.load(ORGANIZATION, organization_id).state
    zone = state.profile.time_zone if state else "Europe/Bucharest"
    command = PublishRates(rates_id=rates_id(organization_id, days[-1].date), days=days)
    InvoicingService(ledger).execute(command, first_start.operator_context(organization_id, zone))
