"""A customer as its facts tell it."""

from dataclasses import dataclass, replace
from datetime import datetime

from invoicing_domain.model.customer.events import (
    CustomerChanged,
    CustomerFact,
    CustomerProfile,
    CustomerRegistered,
    Notice,
    PersonalDataErased,
)
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.personal import personal_of, refuse_erased, without


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    reference: int
    profile: CustomerProfile
    erased_at: datetime | None = None

    def declines(self, notice: Notice) -> bool:
        return notice in self.profile.declined_notices


def evolve(state: Customer | None, fact: CustomerFact) -> Customer:
    if isinstance(fact, CustomerRegistered):
        return Customer(reference=fact.reference, profile=fact.profile)
    if state is None:
        raise TypeError("a customer begins with CustomerRegistered")
    match fact:
        case CustomerChanged():
            return replace(state, profile=fact.profile)
        case PersonalDataErased():
            kept = without(state.profile, personal_of(state.profile))
            return replace(state, profile=kept, erased_at=fact.erased_at)


def address_of(buyer: Buyer, customer: Customer | None) -> str | None:
    """Where to write: the customer's address as it is now, since a corrected one is meant to be used; else on paper."""
    return (customer.profile.email if customer else None) or buyer.email


def as_buyer(customer_id: str, customer: Customer) -> Buyer:
    """The snapshot that a document keeps; who was erased buys nothing more."""
    refuse_erased(is_erased=customer.erased_at is not None)
    profile = customer.profile
    return Buyer(
        customer_id=customer_id,
        name=profile.name,
        kind=profile.kind,
        tax_id=profile.tax_id,
        email=profile.email,
        language=profile.language,
        address=profile.address,
        phone=profile.phone,
        contact_name=profile.contact_name,
        identifier=profile.identifier,
        legal_registration=profile.legal_registration,
    )
