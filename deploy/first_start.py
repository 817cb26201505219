"""What the all-in-one stack needs before its first request: an organization and an admin token."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import psycopg

from api.entrance import tokens
from api.entrance.access import Compat, Role
from deploy.private_files import write_secret
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService

TOKEN_FILE: Final = "admin.token"  # noqa: S105 - the name of a file

OPERATOR: Final = Actor(kind="system", id="izvor", name="izvor command line")


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a person needs to begin."""

    organization_id: str
    token: str


def operator_context(organization_id: str, time_zone: str = "Europe/Bucharest", at: datetime | None = None) -> Context:
    """A context for commands that are given at the keyboard of the server."""
    now = at or SystemClock().now()
    command_id = str(uuid.uuid4())
    return Context(
        at=now,
        today=local_date(now, time_zone),
        organization_id=organization_id,
        actor=OPERATOR,
        command_id=command_id,
        correlation_id=command_id,
        source="command line",
    )


def register_organization(service: InvoicingService, profile: OrganizationProfile) -> str:
    organization_id = StreamId(str(uuid.uuid4()))
    command = RegisterOrganization(organization_id=organization_id, profile=profile)
    service.execute(command, operator_context(organization_id, profile.time_zone))
    return organization_id


def welcome(ledger: Ledger, conninfo: str, data: Path, profile: OrganizationProfile) -> Welcome:
    """Make what is missing, and only that; a start that was cut short goes on where it was."""
    known = ledger.organizations()
    organization_id = known[0] if known else register_organization(InvoicingService(ledger), profile)
    file = data / TOKEN_FILE
    if file.exists():
        kept = file.read_text().strip()
        if tokens.Tokens().recognise(partial(psycopg.connect, conninfo), kept, SystemClock().now()) is not None:
            return Welcome(organization_id, kept)
    token = new_token(conninfo, organization_id, "admin", "administrator")
    write_secret(file, token)
    return Welcome(organization_id, token)


def new_token(
    conninfo: str,
    organization_id: str,
    role: Role,
    name: str,
    valid_days: int | None = None,
    compat: Compat | None = None,
) -> str:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return tokens.create(
            connection,
            organization_id=organization_id,
            role=role,
            name=name,
            now=SystemClock().now(),
            valid_days=valid_days,
            compat=compat,
        )
