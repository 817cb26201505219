"""What one may ask of an organization."""

from dataclasses import dataclass, field
from typing import TypedDict

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party import Address, Language


class SettingsChanges(TypedDict, total=False):
    """What to change on an organization; an absent key stays as it is."""

    name: str
    tax_id: str | None
    email: str | None
    ibans: tuple[str, ...]
    address: Address
    time_zone: str
    currency: str
    payment_terms_days: int
    reminder_steps: tuple[int, ...]
    invoice_series: str
    credit_note_series: str
    proforma_series: str
    legal_registration: str | None
    phone: str | None
    logo: str | None
    cash_accounting: bool
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganization:
    """Register a seller and open its two series."""

    organization_id: StreamId
    profile: OrganizationProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrganization:
    organization_id: StreamId
    changes: SettingsChanges = field(default_factory=SettingsChanges)
