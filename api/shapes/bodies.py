"""Bodies of native requests, as types: they validate, and they are the schemas of the OpenAPI document."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from api.shapes.texts import (
    Amount,
    Country,
    Currency,
    Days,
    Email,
    Iban,
    Id,
    Label,
    Line,
    Name,
    Percent,
    Quantity,
    Short,
    Text,
    Unit,
    UnitPrice,
)
from invoicing_domain.model.invoice.guards import MAX_CHARGES
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.model.party import CustomerKind, Language
from invoicing_domain.model.vat import VatCategory


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request body: a field that is not known is an error, never ignored."""


class AddressBody(Body, frozen=True, kw_only=True):
    street: Line = ""
    city: Line = ""
    county: Line = ""
    postal_code: Line = ""
    country: Country = "RO"


class CustomerBody(Body, frozen=True, kw_only=True):
    name: Name
    kind: CustomerKind = "business"
    tax_id: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    ibans: Annotated[tuple[Iban, ...], Meta(max_length=20)] = ()
    language: Language = "ro"
    address: AddressBody = AddressBody()
    contact_name: Short | None = None
    identifier: Line | None = None
    legal_registration: Line | None = None


class CustomerPatch(Body, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    kind: CustomerKind | UnsetType = UNSET
    tax_id: Line | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Line | UnsetType | None = UNSET
    ibans: Annotated[tuple[Iban, ...], Meta(max_length=20)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    address: AddressBody | UnsetType = UNSET
    contact_name: Short | UnsetType | None = UNSET
    identifier: Line | UnsetType | None = UNSET
    legal_registration: Line | UnsetType | None = UNSET


class VatBody(Body, frozen=True, kw_only=True):
    """Without a rate, category S has the standard rate in force on the tax point; the others have none.

    Category E says why no VAT is due; AE, K, G and O may.
    """

    category: VatCategory = "S"
    rate: Percent | None = None
    exemption_code: Short | None = None
    exemption_reason: Short | None = None


class DiscountBody(Body, frozen=True, kw_only=True):
    """Either a percentage or an amount."""

    percent: Percent | None = None
    amount: Amount | None = None


class ChargeBody(Body, frozen=True, kw_only=True):
    """On top of the lines, such as transport: either a percentage of them or an amount, with VAT of its own."""

    description: Short
    percent: Percent | None = None
    amount: Amount | None = None
    vat: VatBody


class LineBody(Body, frozen=True, kw_only=True):
    description: Name
    details: Text = ""
    quantity: Quantity
    unit: Unit = "H87"
    unit_price: UnitPrice
    price_includes_vat: bool = False
    vat: VatBody
    discount: DiscountBody | None = None


class LinePatch(Body, frozen=True, kw_only=True):
    description: Name | UnsetType = UNSET
    details: Text | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    unit_price: UnitPrice | UnsetType = UNSET
    price_includes_vat: bool | UnsetType = UNSET
    vat: VatBody | UnsetType = UNSET
    discount: DiscountBody | UnsetType | None = UNSET


Charges = Annotated[tuple[ChargeBody, ...], Meta(max_length=MAX_CHARGES)]

Metadata = Annotated[dict[Label, Text], Meta(max_length=50)]


class InvoiceBody(Body, frozen=True, kw_only=True):
    """A draft: exactly one of `customer_id` and `customer`."""

    customer_id: Id | None = None
    customer: CustomerBody | None = None
    currency: Currency | None = None
    issue_date: date | None = None
    due_date: date | None = None
    payment_terms_days: Days | None = None
    lines: Annotated[tuple[LineBody, ...], Meta(max_length=MAX_LINES)] = ()
    discount: DiscountBody | None = None
    charges: Charges = ()
    tax_point_date: date | None = None
    delivery_date: date | None = None
    delivery_country: Country | None = None
    notes: Text = ""
    buyer_reference: Line = ""
    payment_reference: Line = ""
    metadata: Metadata = {}


class InvoicePatch(Body, frozen=True, kw_only=True):
    customer_id: Id | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    issue_date: date | UnsetType | None = UNSET
    due_date: date | UnsetType | None = UNSET
    payment_terms_days: Days | UnsetType | None = UNSET
    discount: DiscountBody | UnsetType | None = UNSET
    charges: Charges | UnsetType = UNSET
    tax_point_date: date | UnsetType | None = UNSET
    delivery_date: date | UnsetType | None = UNSET
    delivery_country: Country | UnsetType | None = UNSET
    notes: Text | UnsetType = UNSET
    buyer_reference: Line | UnsetType = UNSET
    payment_reference: Line | UnsetType = UNSET
    metadata: Metadata | UnsetType = UNSET


class RateBody(Body, frozen=True, kw_only=True):
    """What one unit of the document's currency is worth in lei, where the BNR rate of its day is not meant."""

    rate: UnitPrice
    of: date | None = field(default=None, name="date")


class SendBody(Body, frozen=True, kw_only=True):
    deliver: Literal["email", "none"] = "none"
    series: Annotated[str, Meta(min_length=1, max_length=10)] | None = None
    exchange: RateBody | None = None


class InvoicePaymentBody(Body, frozen=True, kw_only=True):
    """A payment to one invoice; what is above its balance stays as the customer's credit."""

    amount: Amount
    date: date
    method: Name = "bank_transfer"
    reference: Line = ""
    note: Text = ""
    external_reference: Line = ""
    exchange: RateBody | None = None


class AllocationBody(Body, frozen=True, kw_only=True):
    invoice_id: Id
    amount: Amount | None = None


class PaymentBody(Body, frozen=True, kw_only=True):
    customer_id: Id
    amount: Amount
    currency: Currency | None = None
    date: date
    method: Name = "bank_transfer"
    reference: Line = ""
    note: Text = ""
    external_reference: Line = ""
    exchange: RateBody | None = None
    allocations: Annotated[tuple[AllocationBody, ...], Meta(max_length=200)] = ()


class AllocationsBody(Body, frozen=True, kw_only=True):
    date: date
    allocations: Annotated[tuple[AllocationBody, ...], Meta(min_length=1, max_length=200)]


class DeallocationsBody(Body, frozen=True, kw_only=True):
    """Without an amount: all that the invoice holds."""

    date: date
    reason: Name
    allocations: Annotated[tuple[AllocationBody, ...], Meta(min_length=1, max_length=200)]


class RefundBody(Body, frozen=True, kw_only=True):
    """Without an amount: all that is left."""

    date: date
    reason: Name
    amount: Amount | None = None
    method: Name = "bank_transfer"
    reference: Line = ""


class ReversalBody(Body, frozen=True, kw_only=True):
    date: date
    reason: Name


class CreditLineBody(Body, frozen=True, kw_only=True):
    line_id: Annotated[str, Meta(min_length=1, max_length=10)]
    quantity: Quantity


class CreditNoteBody(Body, frozen=True, kw_only=True):
    """Either `full`, or the lines and quantities to take back."""

    reason: Name
    full: bool = False
    lines: Annotated[tuple[CreditLineBody, ...], Meta(max_length=MAX_LINES)] = ()
    reissue: bool = False


class CancelBody(Body, frozen=True, kw_only=True):
    reason: Name
    reissue: bool = False


class DueDateBody(Body, frozen=True, kw_only=True):
    due_date: date
    reason: Name


class NoteBody(Body, frozen=True, kw_only=True):
    text: Text


class HoldBody(Body, frozen=True, kw_only=True):
    reason: Line = ""


class TestClockBody(Body, frozen=True, kw_only=True):
    now: Annotated[str, Meta(description="instant in ISO 8601 with zone, such as 2026-12-24T08:00:00Z")]


class OrganizationPatch(Body, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    tax_id: Line | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    ibans: Annotated[tuple[Iban, ...], Meta(max_length=20)] | UnsetType = UNSET
    address: AddressBody | UnsetType = UNSET
    time_zone: Line | UnsetType = UNSET
    payment_terms_days: Days | UnsetType = UNSET
    reminder_steps: Annotated[tuple[Annotated[int, Meta(ge=1, le=3650)], ...], Meta(max_length=10)] | UnsetType = UNSET
    invoice_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    credit_note_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    proforma_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    legal_registration: Line | UnsetType | None = UNSET
    phone: Line | UnsetType | None = UNSET
