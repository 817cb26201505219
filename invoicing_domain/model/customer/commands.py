"""What one may ask of a customer."""

from dataclasses import dataclass, field
from typing import TypedDict

from invoicing_domain.model.customer.events import CustomerProfile, Notice
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.party import Address, CustomerKind, Language


class ProfileChanges(TypedDict, total=False):
    name: str
    kind: CustomerKind
    tax_id: str | None
    email: str | None
    phone: str | None
    ibans: tuple[str, ...]
    language: Language
    address: Address
    contact_name: str | None
    identifier: str | None
    legal_registration: str | None
    declined_notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCustomer:
    customer_id: StreamId
    reference: int
    profile: CustomerProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCustomer:
    customer_id: StreamId
    changes: ProfileChanges = field(default_factory=ProfileChanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCustomer:
    """Forget how to reach a customer, and of a natural person who it is, wherever the law does not want it kept."""

    customer_id: StreamId
    reason: str
