"""Parts of native answers that several documents have: parties, VAT, lines, totals, what was paid and credited."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from invoicing_domain.model.exchange.events import RateSource
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


class AppliedPaymentView(View, frozen=True, kw_only=True):
    payment_id: str
    amount: str
    date: date
    method: str
    reference: str


class AppliedCreditView(View, frozen=True, kw_only=True):
    id: str
    number: str
    date: date
    amount: str
    applied: str
    reason: str


class HeldCreditView(View, frozen=True, kw_only=True):
    """What of a credit note, of this or another invoice, lowers the balance now."""

    credit_note_id: str
    number: str
    amount: str


class RateView(View, frozen=True, kw_only=True):
    """What one unit of the document's currency is worth in `base`; `source` is BNR or given."""

    base: str
    rate: str
    date: date
    source: RateSource


class ExchangeView(View, frozen=True, kw_only=True):
    """The document in the currency of the books, at issue; `difference` is of the payments so far, gains positive."""

    rate: RateView
    net: str
    vat: str
    gross: str
    difference: str


class CancelledView(View, frozen=True, kw_only=True):
    date: date
    reason: str
    credit_note_id: str
    number: str


class RemarkView(View, frozen=True, kw_only=True):
    date: date
    text: str


InvoiceStatus = Literal["draft", "sent", "partially_paid", "paid", "overdue", "cancelled", "credited"]
"""A discarded draft is none that anybody meets; where one is shown, it is a draft that says so."""


class ReminderView(View, frozen=True, kw_only=True):
    """`step`: days overdue, 0 when none was due and somebody asked for it. `bounced`: why it came back, if it did."""

    step: int
    sent_at: datetime
    to: str
    requested: bool
    bounced: str | None


class DocumentView(View, frozen=True, kw_only=True):
    """The paper that was made, once: `GET .../document.pdf` hands out these very bytes."""

    sha256: str
    media_type: str
    size: int
    language: Language
    template: str


class EFacturaView(View, frozen=True, kw_only=True):
    status: str
    index: str | None
    response_code: str | None
    due_at: date | None


class EmailView(View, frozen=True, kw_only=True):
    """A mail with the document: `failed` with the mail server's reason, or `sent`, which is not yet read.

    `bounced`: it was sent, and some server on the way gave it back.
    """

    to: str | None
    status: Literal["requested", "sent", "bounced", "failed"]
    at: datetime | None
    reason: str | None
