"""Query strings and answers of reports, statements and exports, as types; days and percents have two decimals."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from api.shapes.queries import InvoiceFilters, Order, Query
from api.shapes.view_parts import View
from api.shapes.views import InvoiceSummaryView


class PeriodQuery(Query, frozen=True, kw_only=True):
    """Both days included; without them the 90 days up to today, of on-time up to yesterday."""

    since: date | None = field(default=None, name="from")
    until: date | None = field(default=None, name="to")


class MeasuresQuery(PeriodQuery, frozen=True, kw_only=True):
    known_at: datetime | None = None


class StatementQuery(Query, frozen=True, kw_only=True):
    """Both days included; without `from` since the beginning, without `to` up to today."""

    since: date | None = field(default=None, name="from")
    until: date | None = field(default=None, name="to")
    known_at: datetime | None = None


class MeasuresRowView(View, frozen=True, kw_only=True):
    """One currency. A measure is null where there is nothing to divide by: no sales, nothing to collect."""

    currency: str
    sales: str
    opening_receivable: str
    closing_receivable: str
    closing_not_due: str
    dso: str | None
    dso_countback: str | None
    best_possible_dso: str | None
    average_days_delinquent: str | None
    collection_effectiveness: str | None


class MeasuresView(View, frozen=True, kw_only=True):
    since: date = field(name="from")
    until: date = field(name="to")
    days: int
    known_at: datetime | None
    rows: tuple[MeasuresRowView, ...]


class OnTimeRowView(View, frozen=True, kw_only=True):
    currency: str
    invoices_due: int
    invoices_on_time: int
    share_by_count: str | None
    value_due: str
    value_on_time: str
    share_by_value: str | None


class OnTimeView(View, frozen=True, kw_only=True):
    since: date = field(name="from")
    until: date = field(name="to")
    rows: tuple[OnTimeRowView, ...]


class StatementLineView(View, frozen=True, kw_only=True):
    """`amount` raises what is owed when positive; `balance` is what is owed after it, less credit."""

    effective_date: date = field(name="date")
    kind: Literal["invoice", "payment", "payment_reversed", "credit_note", "refund"]
    document_id: str
    number: str | None
    due_date: date | None
    amount: str
    balance: str


class AccountView(View, frozen=True, kw_only=True):
    """`opening` plus all amounts is `closing`."""

    currency: str
    opening: str
    movements: tuple[StatementLineView, ...]
    charged: str
    settled: str
    closing: str


class StatementView(View, frozen=True, kw_only=True):
    customer_id: str
    customer_name: str
    since: date | None = field(name="from")
    until: date = field(name="to")
    known_at: datetime | None
    accounts: tuple[AccountView, ...]


class ExportQuery(InvoiceFilters, frozen=True, kw_only=True):
    """The filters and orders of the invoice list; all rows, no pages."""

    sort: Order | None = None


class CsvQuery(ExportQuery, frozen=True, kw_only=True):
    dialect: Literal["excel-ro", "rfc4180"] = "excel-ro"


class SagaQuery(Query, frozen=True, kw_only=True):
    """Both days included; without `from` since the first of the month of `to`, without `to` up to today."""

    since: date | None = field(default=None, name="from")
    until: date | None = field(default=None, name="to")


class SearchQuery(Query, frozen=True, kw_only=True):
    q: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=100)] = 25


class FoundInvoiceView(View, frozen=True, kw_only=True):
    """How it was found: it is called so, its number begins so, it has the words, it has words like them."""

    match: Literal["exact", "number", "words", "similar"]
    invoice: InvoiceSummaryView


class SearchView(View, frozen=True, kw_only=True):
    """The best first; there are no further pages: ask for more, or more exactly."""

    data: tuple[FoundInvoiceView, ...]
