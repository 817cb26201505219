"""Query strings of native requests, as types."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from invoicing_domain.requests.texts import Amount, Currency, Id, Line
from projections.invoice_list.query import SORTS

Limit = Annotated[int, Meta(ge=1, le=100)]
Cursor = Annotated[str, Meta(max_length=1000, description="`next` of the page before; all else as it was asked there")]
Statuses = Annotated[
    Line, Meta(description="several with commas: draft, sent, partially_paid, paid, overdue, cancelled, credited")
]
EFacturaStatus = Literal["none", "queued", "uploading", "processing", "ok", "nok", "unknown", "refused"]
Order = Annotated[Line, Meta(description=f"several with commas, `-` for descending: {', '.join(SORTS)}")]


class Query(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of a query string: one that is not known is an error."""


class PageQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 25
    after: Cursor | None = None


class CustomerQuery(PageQuery, frozen=True, kw_only=True):
    q: Line | None = None


class PaymentQuery(PageQuery, frozen=True, kw_only=True):
    """`invoice_id`: the invoice holds some of it now; `state` open: something is left to allocate or refund."""

    customer_id: Id | None = None
    invoice_id: Id | None = None
    currency: Currency | None = None
    method: Line | None = None
    reference: Line | None = None
    external_reference: Line | None = None
    paid_from: date | None = None
    paid_to: date | None = None
    state: Literal["open", "used", "reversed"] | None = None


class CreditNoteQuery(PageQuery, frozen=True, kw_only=True):
    """`invoice_id`: the invoice that it corrects; `state` open: something is left to apply or refund."""

    customer_id: Id | None = None
    invoice_id: Id | None = None
    currency: Currency | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    state: Literal["open", "closed"] | None = None


class Preview(Query, frozen=True, kw_only=True):
    """With `dry_run` the answer is what would come of it; nothing is recorded and no number is taken."""

    dry_run: bool = False


class RateQuery(Query, frozen=True, kw_only=True):
    """The rate of a currency (all when none is named) that counts for a day; today when none is named."""

    on: date | None = field(default=None, name="date")
    currency: Currency | None = None


class InvoiceFilters(Query, frozen=True, kw_only=True):
    """Which invoices are meant."""

    status: Statuses | None = None
    customer_id: Id | None = None
    q: Line | None = None
    number: Line | None = None
    currency: Currency | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    total_min: Amount | None = None
    total_max: Amount | None = None
    overdue: bool | None = None
    efactura_status: EFacturaStatus | None = None
    order_id: Line | None = None


class InvoiceQuery(InvoiceFilters, frozen=True, kw_only=True):
    """A page of them, in an order."""

    sort: Order | None = None
    limit: Limit = 25
    after: Cursor | None = None


class PointInTime(Query, frozen=True, kw_only=True):
    """As of the end of a day in the organization's calendar, as known at an instant, or at a version."""

    as_of: date | None = None
    known_at: datetime | None = None
    version: Annotated[int, Meta(ge=1, le=1 << 53)] | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None and self.version is None


class AgingQuery(Query, frozen=True, kw_only=True):
    as_of: date | None = None
    known_at: datetime | None = None
    by: Literal["customer", "currency"] = "customer"
    customer_id: Id | None = None


class FeedQuery(Query, frozen=True, kw_only=True):
    after: Annotated[int, Meta(ge=0, le=1 << 62)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
