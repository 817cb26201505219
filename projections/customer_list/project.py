"""From facts to rows of the customer list. Each fact carries the whole profile."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Final, get_args

import msgspec

from invoicing_domain.model.customer.events import CustomerFact, CustomerProfile, CustomerRegistered
from invoicing_domain.model.customer.state import Customer, evolve
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
    erased_at: datetime | None
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)
_profile: Final = msgspec.json.Decoder(CustomerProfile)


def fold(entry: Entry | None, event: Event) -> Entry:
    state = evolve(None if entry is None else _state(entry), event.fact)
    profile = state.profile
    return Entry(
        customer_id=event.stream_id,
        organization_id=event.organization_id,
        reference=state.reference,
        name=profile.name,
        tax_id=profile.tax_id,
        profile=to_json(profile),
        search_text=_search_text(state.reference, profile),
        created_at=event.at if entry is None else entry.created_at,
        updated_at=event.at,
        erased_at=state.erased_at,
        version=event.version,
        position=event.position,
    )


def _state(entry: Entry) -> Customer:
    return Customer(reference=entry.reference, profile=_profile.decode(entry.profile), erased_at=entry.erased_at)


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
    facts=frozenset(get_args(CustomerFact)),
    keyed=Keyed(
        table="customer_list",
        columns=COLUMNS,
        begins=frozenset({CustomerRegistered}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
