"""Shapes of native answers, as types: what is rendered, and the schemas of the OpenAPI document."""

from datetime import date, datetime
from typing import Any, Literal

from api.shapes.view_parts import (
    AddressView,
    AppliedCreditView,
    AppliedPaymentView,
    BuyerView,
    CancelledView,
    ChargeView,
    DiscountView,
    DocumentView,
    EFacturaView,
    EmailView,
    ExchangeView,
    HeldCreditView,
    InvoiceStatus,
    LineView,
    RateView,
    RemarkView,
    ReminderView,
    SellerView,
    TotalsView,
    VatSubtotalView,
    View,
    WarningView,
)
from invoicing_domain.model.customer.events import Notice
from invoicing_domain.model.party import CustomerKind, Language


class InvoiceSummaryView(View, frozen=True, kw_only=True):
    """An invoice in a list: everything but lines, payments and their like."""

    id: str
    reference: int
    number: str | None
    series: str | None
    status: InvoiceStatus
    overdue: bool
    customer_id: str
    customer_name: str
    customer_tax_id: str | None
    currency: str
    issue_date: date | None
    due_date: date | None
    sent_at: datetime | None
    totals: TotalsView
    reminders_held: bool
    last_reminder_step: int | None
    efactura_status: str
    notes: str | None
    version: int
    position: int


class OrderView(View, frozen=True, kw_only=True):
    id: str
    number: str
    date: date


class OriginView(View, frozen=True, kw_only=True):
    """What the invoice was made from here: a proforma, or a period of a recurring invoice."""

    kind: Literal["proforma", "recurring_invoice"]
    id: str
    period: date | None


class InvoiceView(View, frozen=True, kw_only=True):
    id: str
    reference: int
    number: str | None
    series: str | None
    status: InvoiceStatus
    overdue: bool
    customer: BuyerView
    seller: SellerView | None
    currency: str
    issue_date: date | None
    due_date: date | None
    payment_terms_days: int | None
    sent_at: datetime | None
    lines: tuple[LineView, ...]
    discount: DiscountView | None
    charges: tuple[ChargeView, ...]
    tax_point_date: date | None
    delivery_date: date | None
    delivery_country: str | None
    vat_breakdown: tuple[VatSubtotalView, ...]
    totals: TotalsView
    payments: tuple[AppliedPaymentView, ...]
    credit_notes: tuple[AppliedCreditView, ...]
    credits_applied: tuple[HeldCreditView, ...]
    cancelled: CancelledView | None
    discarded: bool
    exchange: ExchangeView | None
    original_due_date: date | None
    remarks: tuple[RemarkView, ...]
    document: DocumentView | None
    emails: tuple[EmailView, ...]
    reminders: tuple[ReminderView, ...]
    reminders_held: bool
    reminder_requested: bool
    efactura: EFacturaView
    payment_link: str | None
    notes: str | None
    buyer_reference: str | None
    payment_reference: str | None
    order: OrderView | None
    replaces: str | None
    origin: OriginView | None
    metadata: dict[str, str]
    warnings: tuple[WarningView, ...]
    version: int
    position: int


class BalanceView(View, frozen=True, kw_only=True):
    currency: str
    balance: str
    credit: str


class CustomerView(View, frozen=True, kw_only=True):
    """`balance`: what is left to pay on invoices, `credit`: what the house holds for the customer.

    Both in the organization's currency; `balances` has all currencies.
    """

    id: str
    reference: int
    name: str
    kind: CustomerKind
    tax_id: str | None
    email: str | None
    phone: str | None
    ibans: tuple[str, ...]
    language: Language
    address: AddressView
    contact_name: str | None
    identifier: str | None
    legal_registration: str | None
    declined_notices: tuple[Notice, ...]
    balance: str
    credit: str
    balances: tuple[BalanceView, ...]
    erased_at: datetime | None
    """Since when nobody can read what was personal here and in this customer's documents."""
    version: int
    position: int


class KeptView(View, frozen=True, kw_only=True):
    """What outlives an erasure: `documents` of this kind with who the buyer is on them."""

    what: Literal["invoices", "credit_notes"]
    documents: int
    fields: tuple[str, ...]
    legal_ground: str
    until: date
    """When the law lets go of the newest of them."""


class ErasureView(View, frozen=True, kw_only=True):
    """`erased`: fields that nobody can read any more, in the customer and in whatever was recorded about it."""

    id: str
    reference: int
    erased_at: datetime
    erased: tuple[str, ...]
    kept: tuple[KeptView, ...]
    version: int
    position: int


class AllocationView(View, frozen=True, kw_only=True):
    invoice_id: str
    amount: str


class PaymentView(View, frozen=True, kw_only=True):
    id: str
    reference_number: int
    customer_id: str
    customer_name: str
    amount: str
    currency: str
    date: date
    method: str
    reference: str
    note: str
    allocations: tuple[AllocationView, ...]
    unallocated: str
    refunded: str
    external_reference: str | None
    exchange: RateView | None
    reversed: bool
    reversal_reason: str | None
    version: int
    position: int


class CreditedLineView(View, frozen=True, kw_only=True):
    line_id: str
    quantity: str
    net: str


class CreditNoteTotalsView(View, frozen=True, kw_only=True):
    lines_net: str
    discount: str
    charges: str
    net: str
    vat: str
    gross: str


class CreditNoteView(View, frozen=True, kw_only=True):
    id: str
    reference: int
    number: str
    series: str
    issue_date: date
    invoice_id: str
    invoice_number: str
    customer: BuyerView
    currency: str
    lines: tuple[CreditedLineView, ...]
    totals: CreditNoteTotalsView
    vat_breakdown: tuple[VatSubtotalView, ...]
    reason: str
    applied: str
    unapplied: str
    refunded: str
    state: Literal["open", "closed"]
    allocations: tuple[AllocationView, ...]
    exchange: ExchangeView | None
    document: DocumentView | None
    version: int
    position: int


class CorrectionView(View, frozen=True, kw_only=True):
    credit_note: CreditNoteView
    invoice: InvoiceView
    reissued: InvoiceView | None


class DayRatesView(View, frozen=True, kw_only=True):
    currency: str
    rate: RateView


class RatesView(View, frozen=True, kw_only=True):
    """Rates that count for a document of `date`."""

    date: date
    data: tuple[DayRatesView, ...]


class RatesImportedView(View, frozen=True, kw_only=True):
    """What the file held; days that were known already are not recorded again."""

    first: date
    last: date
    days: int
    position: int


class ActorView(View, frozen=True, kw_only=True):
    kind: str
    id: str
    name: str


class HistoryEntryView(View, frozen=True, kw_only=True):
    version: int
    position: int
    type: str
    recorded_at: datetime
    effective_date: date | None
    actor: ActorView
    reason: str | None
    request_id: str
    summary: str
    data: dict[str, Any]


class HistoryView(View, frozen=True, kw_only=True):
    data: tuple[HistoryEntryView, ...]


class FactView(View, frozen=True, kw_only=True):
    position: int
    stream_id: str
    version: int
    type: str
    data: dict[str, Any]
    meta: dict[str, Any]


class FeedView(View, frozen=True, kw_only=True):
    data: tuple[FactView, ...]
    has_more: bool
    next: int


class InvoicesView(View, frozen=True, kw_only=True):
    data: tuple[InvoiceSummaryView, ...]
    has_more: bool
    next: str | None


class CustomersView(View, frozen=True, kw_only=True):
    data: tuple[CustomerView, ...]
    has_more: bool
    next: str | None


class PaymentsView(View, frozen=True, kw_only=True):
    data: tuple[PaymentView, ...]
    has_more: bool
    next: str | None


class CreditNotesView(View, frozen=True, kw_only=True):
    data: tuple[CreditNoteView, ...]
    has_more: bool
    next: str | None


class AgingRowView(View, frozen=True, kw_only=True):
    customer_id: str | None
    customer_name: str | None
    currency: str
    not_due: str
    days_1_30: str
    days_31_60: str
    days_61_90: str
    days_91_plus: str
    unapplied: str
    balance: str


class AgingView(View, frozen=True, kw_only=True):
    as_of: date
    known_at: datetime | None
    rows: tuple[AgingRowView, ...]
    totals: tuple[AgingRowView, ...]


class OrganizationView(View, frozen=True, kw_only=True):
    id: str
    name: str
    tax_id: str | None
    email: str | None
    ibans: tuple[str, ...]
    address: AddressView
    time_zone: str
    currency: str
    payment_terms_days: int
    reminder_steps: tuple[int, ...]
    invoice_series: str
    credit_note_series: str
    proforma_series: str
    legal_registration: str | None
    phone: str | None
    logo: str | None
    """SHA-256 of the picture on its papers."""
    cash_accounting: bool
    language: Language
    version: int


class HealthView(View, frozen=True, kw_only=True):
    status: str
    checks: dict[str, str]


class TestClockView(View, frozen=True, kw_only=True):
    now: datetime
