"""From facts to rows of the organization list. Each fact carries the whole profile."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Final

from invoicing_domain.model.organization.events import OrganizationChanged, OrganizationRegistered
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    organization_id: str
    name: str
    tax_id: str | None
    currency: str
    time_zone: str
    profile: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)


def fold(entry: Entry | None, event: Event) -> Entry:
    profile = event.fact.profile
    return Entry(
        organization_id=event.stream_id,
        name=profile.name,
        tax_id=profile.tax_id,
        currency=profile.currency,
        time_zone=profile.time_zone,
        profile=to_json(profile),
        created_at=event.at if entry is None else entry.created_at,
        updated_at=event.at,
        version=event.version,
        position=event.position,
    )


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="organization_list",
    version=2,
    facts=frozenset({OrganizationRegistered, OrganizationChanged}),
    keyed=Keyed(
        table="organization_list",
        columns=COLUMNS,
        begins=frozenset({OrganizationRegistered}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
