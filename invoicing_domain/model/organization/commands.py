"""What one may ask of an organization."""

from dataclasses import dataclass

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.events import OrganizationProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganization:
    """Register a seller and open its two series."""

    organization_id: StreamId
    profile: OrganizationProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrganization:
    organization_id: StreamId
    profile: OrganizationProfile
