"""The parties of a document, as they were when it was made."""

from dataclasses import dataclass
from typing import Literal

CustomerKind = Literal["business", "person", "public", "foreign"]
Language = Literal["ro", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (EN 16931 BG-5, BG-8): county as ISO 3166-2, country as ISO 3166-1 alpha-2."""

    street: str = ""
    city: str = ""
    county: str = ""
    postal_code: str = ""
    country: str = "RO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """The seller (BG-4) as printed on a document."""

    name: str
    tax_id: str | None = None
    address: Address = Address()
    ibans: tuple[str, ...] = ()
    email: str | None = None
    legal_registration: str | None = None
    """Number in a register of companies (BT-30), such as J12/345/2010."""
    phone: str | None = None
    logo: str | None = None
    """SHA-256 of the picture on the documents, which is kept beside the facts."""
    cash_accounting: bool = False
    """VAT is chargeable when it is paid (TVA la încasare, Cod fiscal art. 282), which documents have to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """The buyer (BG-7): a snapshot of the customer, which goes on living its own life."""

    customer_id: str
    name: str
    kind: CustomerKind = "business"
    tax_id: str | None = None
    email: str | None = None
    language: Language = "ro"
    address: Address = Address()
    phone: str | None = None
    contact_name: str | None = None
    """Who to ask for (BT-56)."""
    identifier: str | None = None
    """What the seller calls the buyer (BT-46)."""
    legal_registration: str | None = None
    """Number in a register of companies (BT-47)."""
