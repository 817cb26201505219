"""Reading organizations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from invoicing_domain.model.organization.events import OrganizationProfile
from projections.rows import Connection, fetch, fetch_one

_ALL: Final = (
    "SELECT organization_id, name, tax_id, currency, time_zone, profile AS profile_json, created_at, updated_at,"
    " version, position FROM read.organization_list ORDER BY position"
)
_ONE: Final = (
    "SELECT organization_id, name, tax_id, currency, time_zone, profile AS profile_json, created_at, updated_at,"
    " version, position FROM read.organization_list WHERE organization_id = %(organization_id)s::uuid"
)

_profile: Final = msgspec.json.Decoder(OrganizationProfile)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRow:
    organization_id: str
    name: str
    tax_id: str | None
    currency: str
    time_zone: str
    profile_json: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int

    @property
    def profile(self) -> OrganizationProfile:
        return _profile.decode(self.profile_json)


def organizations(connection: Connection) -> list[OrganizationRow]:
    """All of them; there are few."""
    return fetch(connection, OrganizationRow, _ALL, {})


def get(connection: Connection, organization_id: str) -> OrganizationRow | None:
    return fetch_one(connection, OrganizationRow, _ONE, {"organization_id": organization_id})
