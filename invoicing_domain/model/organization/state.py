"""An organization as its last fact tells it."""

from dataclasses import dataclass

from invoicing_domain.model.organization.events import OrganizationFact, OrganizationProfile
from invoicing_domain.model.party import Seller


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    profile: OrganizationProfile


def evolve(_: Organization | None, fact: OrganizationFact) -> Organization:
    return Organization(profile=fact.profile)


def as_seller(organization: Organization) -> Seller:
    """The snapshot that a document keeps."""
    profile = organization.profile
    return Seller(
        name=profile.name,
        tax_id=profile.tax_id,
        address=profile.address,
        ibans=profile.ibans,
        email=profile.email,
        legal_registration=profile.legal_registration,
        phone=profile.phone,
        logo=profile.logo,
        cash_accounting=profile.cash_accounting,
    )
