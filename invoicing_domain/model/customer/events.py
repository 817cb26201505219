"""What happened to a customer. Each fact but the last kind carries the whole profile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from invoicing_domain.model.party import Address, CustomerKind, Language

Notice = Literal["reminders"]
"""Letters that somebody may decline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerProfile:
    name: str
    kind: CustomerKind = "business"
    tax_id: str | None = None
    email: str | None = None
    phone: str | None = None
    ibans: tuple[str, ...] = ()
    language: Language = "ro"
    address: Address = Address()
    contact_name: str | None = None
    identifier: str | None = None
    legal_registration: str | None = None
    declined_notices: tuple[Notice, ...] = ()
    """Letters that the customer does not want; an invoice itself is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegistered:
    reference: int
    profile: CustomerProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanged:
    profile: CustomerProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataErased:
    """From here on nobody can read what was personal, in this fact's past either: the key is gone with it."""

    erased_at: datetime
    reason: str


CustomerFact = CustomerRegistered | CustomerChanged | PersonalDataErased
