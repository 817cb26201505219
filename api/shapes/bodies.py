"""Bodies of native requests, as types: they validate, and they are the schemas of the OpenAPI document."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from api.shapes.settings_shapes import ReminderSteps
from invoicing_domain.model.customer.events import Notice
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.model.party import CustomerKind, Language
from invoicing_domain.requests.bodies import AllocationBody, Body, Charges, DiscountBody, Metadata, VatBody
from invoicing_domain.requests.texts import (
    Amount,
    Country,
    Currency,
    Days,
    Email,
    Iban,
    Id,
    Line,
    Name,
    Quantity,
    Short,
    Text,
    Unit,
    UnitPrice,
)


class AddressPatch(Body, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    street: Line | UnsetType = UNSET
    city: Line | UnsetType = UNSET
    county: Line | UnsetType = UNSET
    postal_code: Line | UnsetType = UNSET
    country: Country | UnsetType = UNSET


class CustomerPatch(Body, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    kind: CustomerKind | UnsetType = UNSET
    tax_id: Line | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Line | UnsetType | None = UNSET
    ibans: Annotated[tuple[Iban, ...], Meta(max_length=20)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    address: AddressPatch | UnsetType = UNSET
    contact_name: Short | UnsetType | None = UNSET
    identifier: Line | UnsetType | None = UNSET
    legal_registration: Line | UnsetType | None = UNSET
    declined_notices: Annotated[tuple[Notice, ...], Meta(max_length=5)] | UnsetType = UNSET


class LinePatch(Body, frozen=True, kw_only=True):
    description: Name | UnsetType = UNSET
    details: Text | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    unit_price: UnitPrice | UnsetType = UNSET
    price_includes_vat: bool | UnsetType = UNSET
    vat: VatBody | UnsetType = UNSET
    discount: DiscountBody | UnsetType | None = UNSET


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


class ErasureBody(Body, frozen=True, kw_only=True):
    """The reason is kept for ever: it names nobody."""

    reason: Name


class HoldBody(Body, frozen=True, kw_only=True):
    reason: Line = ""


class TestClockBody(Body, frozen=True, kw_only=True):
    now: Annotated[str, Meta(description="instant in ISO 8601 with zone, such as 2026-12-24T08:00:00Z")]


class OrganizationPatch(Body, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    tax_id: Line | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    ibans: Annotated[tuple[Iban, ...], Meta(max_length=20)] | UnsetType = UNSET
    address: AddressPatch | UnsetType = UNSET
    time_zone: Line | UnsetType = UNSET
    payment_terms_days: Days | UnsetType = UNSET
    reminder_steps: ReminderSteps | UnsetType = UNSET
    invoice_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    credit_note_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    proforma_series: Annotated[str, Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    cash_accounting: bool | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    legal_registration: Line | UnsetType | None = UNSET
    phone: Line | UnsetType | None = UNSET
