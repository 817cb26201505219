"""Commands about who may come in: API tokens and organizations."""

import json
from typing import Annotated

import psycopg
import typer
from rich.console import Console

from api.entrance import tokens as token_store
from api.entrance.access import COMPATS, ROLES, Compat, Role
from deploy import first_start
from deploy.cli.options import Data, Database, Json, database_of, settings_of
from deploy.cli.tables import table_of
from deploy.errors import OperatorError, RefusedError
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address
from invoicing_domain.model.party_checks import tidy_organization
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService

tokens = typer.Typer(help="API tokens.\n\nExample: izvor token create --role clerk")
organizations = typer.Typer(help="Organizations: the sellers.\n\nExample: izvor organization list")
console = Console()


@tokens.command("create")
def create_token(
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    organization: Annotated[str | None, typer.Option(help="Organization id; needed when there are several.")] = None,
    name: Annotated[str, typer.Option(help="What the token is for; shown in the audit trail.")] = "unnamed",
    expires: Annotated[int | None, typer.Option(help="Days until it expires.", min=1)] = None,
    compat: Annotated[str | None, typer.Option(help="perfex: clients that expect the codes of the old API.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Make a token and print it, once.

    Example: izvor token create --role clerk --name "till 1" --expires 90
    """
    chosen, answers = _role(role), _compat(compat)
    with database_of(settings_of(data, database)) as conninfo:
        organization_id = _organization(conninfo, organization)
        text = first_start.new_token(conninfo, organization_id, chosen, name, expires, answers)
        console.print(text, soft_wrap=True)


@tokens.command("list")
def list_tokens(data: Data = None, database: Database = None, as_json: Json = False) -> None:
    """List tokens, without their secrets.

    Example: izvor token list --json
    """
    now = SystemClock().now()
    with (
        database_of(settings_of(data, database)) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
    ):
        records = token_store.listed(connection)
    rows = [
        {
            "id": record.token_id,
            "name": record.name,
            "role": record.role,
            "organization": record.organization_id,
            "compat": record.compat,
            "created": record.created_at.isoformat(timespec="seconds"),
            "expires": record.expires_at.isoformat(timespec="seconds") if record.expires_at else None,
            "state": "live" if record.is_live(now) else "revoked" if record.revoked_at else "expired",
        }
        for record in records
    ]
    _show("tokens", rows, as_json=as_json)


@tokens.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(help="The id that `izvor token list` shows.", metavar="ID")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Revoke a token for good; it is refused from half a second later on.

    Example: izvor token revoke 1f3a9c20
    """
    with (
        database_of(settings_of(data, database)) as conninfo,
        psycopg.connect(conninfo, autocommit=True) as connection,
    ):
        if not token_store.revoke(connection, token_id, SystemClock().now()):
            raise OperatorError(f"there is no live token {token_id}: see `izvor token list`")
    console.print(f"token {token_id} is revoked")


@organizations.command("create")
def create_organization(
    name: Annotated[str, typer.Option(help="Legal name.")],
    tax_id: Annotated[str | None, typer.Option(help="Tax id, such as RO14399840.")] = None,
    email: Annotated[str | None, typer.Option(help="Where customers may reply to.")] = None,
    iban: Annotated[list[str] | None, typer.Option(help="Bank account; may be given several times.")] = None,
    street: Annotated[str, typer.Option()] = "",
    city: Annotated[str, typer.Option()] = "",
    county: Annotated[str, typer.Option(help="ISO 3166-2, such as RO-CJ.")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166-1, such as RO.")] = "RO",
    time_zone: Annotated[str, typer.Option(help="Calendar: a zone of the IANA database.")] = "Europe/Bucharest",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "RON",
    invoice_series: Annotated[str, typer.Option(help="Prefix of invoice numbers.")] = "IZV",
    credit_note_series: Annotated[str, typer.Option(help="Prefix of credit note numbers.")] = "IZC",
    data: Data = None,
    database: Database = None,
) -> None:
    """Register a seller with its two number series; prints its id.

    Example: izvor organization create --name "Firma SRL" --tax-id RO14399840
    """
    profile = OrganizationProfile(
        name=name,
        tax_id=tax_id,
        email=email,
        ibans=tuple(iban or ()),
        address=Address(street=street, city=city, county=county, country=country),
        time_zone=time_zone,
        currency=currency,
        invoice_series=invoice_series,
        credit_note_series=credit_note_series,
    )
    tidy, faults = tidy_organization(profile)
    if faults:
        raise OperatorError("; ".join(f"{fault.field} {fault.detail}" for fault in faults))
    with database_of(settings_of(data, database)) as conninfo:
        ledger = Ledger(conninfo)
        try:
            console.print(first_start.register_organization(InvoicingService(ledger), tidy))
        finally:
            ledger.close()


@organizations.command("list")
def list_organizations(data: Data = None, database: Database = None, as_json: Json = False) -> None:
    """List the organizations of this installation.

    Example: izvor organization list
    """
    with database_of(settings_of(data, database)) as conninfo:
        ledger = Ledger(conninfo)
        try:
            found = [(id_, ledger.load(ORGANIZATION, id_).state) for id_ in ledger.organizations()]
        finally:
            ledger.close()
    rows = [
        {"id": id_, "name": state.profile.name, "tax_id": state.profile.tax_id, "time_zone": state.profile.time_zone}
        for id_, state in found
        if state is not None
    ]
    _show("organizations", rows, as_json=as_json)


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise RefusedError(f"--role is one of {', '.join(ROLES)}, not {text!r}")


def _compat(text: str | None) -> Compat | None:
    if text is None:
        return None
    for compat in COMPATS:
        if compat == text:
            return compat
    raise RefusedError(f"--compat is {', '.join(COMPATS)}, not {text!r}")


def _organization(conninfo: str, wanted: str | None) -> str:
    ledger = Ledger(conninfo)
    try:
        known = ledger.organizations()
    finally:
        ledger.close()
    if wanted is not None:
        if wanted not in known:
            raise OperatorError(f"there is no organization {wanted}: see `izvor organization list`")
        return wanted
    if len(known) != 1:
        problem = "is none yet: izvor organization create" if not known else "are several: give --organization ID"
        raise OperatorError(f"there {problem}")
    return known[0]


def _show(what: str, rows: list[dict[str, str | None]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))  # noqa: T201 - the output of the command
        return
    columns = [column.replace("_", " ") for column in (rows[0] if rows else {})]
    cells = ((value or "-" for value in row.values()) for row in rows)
    console.print(table_of(columns, cells, none=f"no {what} yet"))
