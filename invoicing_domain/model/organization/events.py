"""What happened to an organization. Each fact carries the whole profile."""

from dataclasses import dataclass

from invoicing_domain.model.party import Address, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationProfile:
    """A seller: legal identity, calendar (IANA time zone), currency and the habits of its billing."""

    name: str
    tax_id: str | None = None
    email: str | None = None
    ibans: tuple[str, ...] = ()
    address: Address = Address()
    time_zone: str = "Europe/Bucharest"
    currency: str = "RON"
    payment_terms_days: int = 30
    reminder_steps: tuple[int, ...] = (7, 14, 30)
    """Days overdue after which a reminder goes out, ascending."""
    invoice_series: str = "IZV"
    credit_note_series: str = "IZC"
    proforma_series: str = "IZP"
    legal_registration: str | None = None
    phone: str | None = None
    logo: str | None = None
    """SHA-256 of the picture on the documents, which is kept beside the facts."""
    cash_accounting: bool = False
    """VAT is chargeable when it is paid (TVA la încasare, Cod fiscal art. 282)."""
    language: Language = "ro"
    """In which its own people are written to; customers have a language of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRegistered:
    profile: OrganizationProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanged:
    profile: OrganizationProfile


OrganizationFact = OrganizationRegistered | OrganizationChanged
