"""Shapes of answers about series, proformas, recurring invoices and bulk actions."""

from datetime import date, datetime
from typing import Any

from api.shapes import view_parts, views
from api.shapes.view_parts import View
from invoicing_domain.model.bulk_run.state import BulkRunStatus
from invoicing_domain.model.invoice.events import Delivery
from invoicing_domain.model.number_series.events import DocumentKind
from invoicing_domain.model.proforma.state import ProformaStatus
from invoicing_domain.model.recurring.events import CatchUp, Unit
from invoicing_domain.model.recurring.state import RecurringStatus


class SeriesView(View, frozen=True, kw_only=True):
    """`default`: used for documents of its kind when none is named; `next` is the number that comes next."""

    id: str
    document: DocumentKind
    prefix: str
    first: int
    next: int
    last_issue_date: date | None
    decision: str
    valid_from: date | None
    valid_to: date | None
    closed_on: date | None
    default: bool
    version: int
    position: int


class SeriesListView(View, frozen=True, kw_only=True):
    data: tuple[SeriesView, ...]


class HoleView(View, frozen=True, kw_only=True):
    first: int
    last: int


class SeriesProofView(View, frozen=True, kw_only=True):
    """What the recorded facts say: dense when `count` = `expected` = last - first + 1, all different, none missing."""

    id: str
    document: DocumentKind
    prefix: str
    decision: str
    first: int
    last: int | None
    last_number: str | None
    first_issue_date: date | None
    last_issue_date: date | None
    closed_on: date | None
    count: int
    expected: int
    holes: tuple[HoleView, ...]
    dense: bool
    in_order: bool


class SeriesReportView(View, frozen=True, kw_only=True):
    data: tuple[SeriesProofView, ...]


class ProformaView(View, frozen=True, kw_only=True):
    """Without fiscal effect: nothing is owed by it. `invoice_id` is what it became."""

    id: str
    reference: int
    number: str | None
    series: str | None
    status: ProformaStatus
    customer: view_parts.BuyerView
    seller: view_parts.SellerView | None
    currency: str
    issue_date: date | None
    due_date: date | None
    payment_terms_days: int | None
    sent_at: datetime | None
    lines: tuple[view_parts.LineView, ...]
    discount: view_parts.DiscountView | None
    charges: tuple[view_parts.ChargeView, ...]
    vat_breakdown: tuple[view_parts.VatSubtotalView, ...]
    totals: views.CreditNoteTotalsView
    notes: str | None
    buyer_reference: str | None
    payment_reference: str | None
    metadata: dict[str, str]
    invoice_id: str | None
    cancelled_on: date | None
    cancel_reason: str | None
    version: int
    position: int


class ProformasView(View, frozen=True, kw_only=True):
    data: tuple[ProformaView, ...]
    has_more: bool
    next: str | None


class RhythmView(View, frozen=True, kw_only=True):
    every: int
    unit: Unit
    starts_on: date
    end_of_month: bool
    ends_on: date | None
    count: int | None


class PlannedLineView(View, frozen=True, kw_only=True):
    """A line as it will be; what it comes to is reckoned on each invoice."""

    description: str
    details: str
    quantity: str
    unit: str
    unit_price: str
    price_includes_vat: bool
    rate_by_law: bool
    discount: view_parts.DiscountView | None
    vat: view_parts.VatView


class GeneratedView(View, frozen=True, kw_only=True):
    """`problem`: why it waits as a draft although it should have been sent."""

    period: date
    invoice_id: str
    date: date
    problem: str | None


class RecurringView(View, frozen=True, kw_only=True):
    """`next_on`: the first day of the next period; null when paused or ended."""

    id: str
    reference: int
    name: str
    status: RecurringStatus
    customer_id: str
    customer_name: str
    currency: str
    payment_terms_days: int | None
    lines: tuple[PlannedLineView, ...]
    discount: view_parts.DiscountView | None
    notes: str | None
    buyer_reference: str | None
    payment_reference: str | None
    metadata: dict[str, str]
    rhythm: RhythmView
    catch_up: CatchUp
    send: bool
    deliver: Delivery
    series: str | None
    next_on: date | None
    settled_through: date | None
    paused_on: date | None
    generated: int
    passed_over: int
    last: GeneratedView | None
    version: int
    position: int


class RecurringsView(View, frozen=True, kw_only=True):
    data: tuple[RecurringView, ...]
    has_more: bool
    next: str | None


class GeneratedListView(View, frozen=True, kw_only=True):
    data: tuple[GeneratedView, ...]
    has_more: bool


class RunView(View, frozen=True, kw_only=True):
    """What was due is billed now; `recurring` is the schedule afterwards."""

    generated: tuple[GeneratedView, ...]
    recurring: RecurringView


class BulkProblemView(View, frozen=True, kw_only=True):
    status: int
    code: str
    detail: str
    facts: dict[str, Any]


class BulkResultView(View, frozen=True, kw_only=True):
    """`replayed`: done by an earlier request with the same key. `invoice`: when the action is export."""

    id: str
    ok: bool
    replayed: bool
    number: str | None
    problem: BulkProblemView | None
    invoice: views.InvoiceView | None


class BulkView(View, frozen=True, kw_only=True):
    """`results` of the first `done` invoices, in the order of the items; only a run has `id` and `reference`."""

    id: str | None
    reference: int | None
    status: BulkRunStatus
    action: str
    total: int
    done: int
    ok: int
    failed: int
    results: tuple[BulkResultView, ...]
