"""From facts to rows of the customer list. Each fact carries the whole profile."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Final

from invoicing_domain.model.customer.events import CustomerChanged, CustomerProfile, CustomerRegistered
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import search_text, to_json


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    customer_id: str
    organization_id: str
    reference: int
    name: str
    tax_id: str | None
    profile: str
    search_text: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)


def fold(entry: Entry | None, event: Event) -> Entry:
    match event.fact:
        case CustomerRegistered(reference=reference, profile=profile):
            created_at = event.at
        case CustomerChanged(profile=profile) if entry is not None:
            reference, created_at = entry.reference, entry.created_at
        case fact:
            raise TypeError(f"a customer begins with CustomerRegistered, not with {type(fact).__name__}")
    return Entry(
        customer_id=event.stream_id,
        organization_id=event.organization_id,
        reference=reference,
        name=profile.name,
        tax_id=profile.tax_id,
        profile=to_json(profile),
        search_text=_search_text(reference, profile),
        created_at=created_at,
        updated_at=event.at,
        version=event.version,
        position=event.position,
    )


def _search_text(reference: int, profile: CustomerProfile) -> str:
    address = profile.address
    return search_text(
        (
            str(reference),
            profile.name,
            profile.tax_id,
            profile.email,
            profile.phone,
            *profile.ibans,
            address.street,
            address.city,
            address.county,
            address.postal_code,
        )
    )


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="customer_list",
    facts=frozenset({CustomerRegistered, CustomerChanged}),
    keyed=Keyed(
        table="customer_list",
        columns=COLUMNS,
        begins=frozenset({CustomerRegistered}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
