"""Bodies of requests that come through more than one door: HTTP (`api`) and messages (`workers`).

As types they validate, and they are the schemas of both descriptions, OpenAPI and AsyncAPI.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from invoicing_domain.model.invoice.guards import MAX_CHARGES
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.model.party import CustomerKind, Language
from invoicing_domain.model.vat import VatCategory
from invoicing_domain.requests.texts import (
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

Prefix = Annotated[str, Meta(min_length=1, max_length=10)]
Delivery = Literal["email", "none"]


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


class OrderBody(Body, frozen=True, kw_only=True):
    """An accepted sales order; `id` is its identity, `number` what people call it (the id, when left out)."""

    id: Name
    number: Line = ""
    date: date


class FromOrderBody(InvoiceBody, frozen=True, kw_only=True):
    """An invoice and the order that it comes from; `send` issues it at once."""

    order: OrderBody
    send: bool = False
    deliver: Delivery = "none"
    series: Prefix | None = None
    exchange: RateBody | None = None
