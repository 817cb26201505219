"""Parts of native answers that several documents have: parties, VAT, lines, totals."""

from msgspec import Struct

from invoicing_domain.model.party import CustomerKind, Language
from invoicing_domain.model.vat import VatCategory


class View(Struct, frozen=True, kw_only=True):
    """An answer; amounts, quantities and rates are text."""


class AddressView(View, frozen=True, kw_only=True):
    street: str
    city: str
    county: str
    postal_code: str
    country: str


class BuyerView(View, frozen=True, kw_only=True):
    id: str
    name: str
    tax_id: str | None
    kind: CustomerKind
    email: str | None
    language: Language
    address: AddressView
    phone: str | None
    contact_name: str | None
    identifier: str | None
    legal_registration: str | None


class SellerView(View, frozen=True, kw_only=True):
    name: str
    tax_id: str | None
    email: str | None
    ibans: tuple[str, ...]
    address: AddressView
    legal_registration: str | None
    phone: str | None


class VatView(View, frozen=True, kw_only=True, omit_defaults=True):
    category: VatCategory
    rate: str
    exemption_code: str | None = None
    exemption_reason: str | None = None


class DiscountView(View, frozen=True, kw_only=True):
    percent: str | None
    amount: str | None


class ChargeView(View, frozen=True, kw_only=True):
    """`id` is how credit notes name it, `amount` what it comes to."""

    id: str
    description: str
    percent: str | None
    amount: str
    vat: VatView


class LineView(View, frozen=True, kw_only=True):
    """`unit_price` is net; with `price_includes_vat`, `gross_unit_price` is what was given."""

    id: str
    description: str
    details: str
    quantity: str
    unit: str
    unit_price: str
    price_includes_vat: bool
    gross_unit_price: str | None
    discount: DiscountView | None
    vat: VatView
    net: str


class VatSubtotalView(View, frozen=True, kw_only=True, omit_defaults=True):
    category: VatCategory
    rate: str
    base: str
    vat: str
    exemption_code: str | None = None
    exemption_reason: str | None = None


class WarningView(View, frozen=True, kw_only=True):
    code: str
    detail: str


class TotalsView(View, frozen=True, kw_only=True):
    lines_net: str
    discount: str
    charges: str
    net: str
    vat: str
    gross: str
    paid: str
    credited: str
    balance: str
