"""Query strings of native requests, as types."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.texts import Amount, Currency, Id, Line

Limit = Annotated[int, Meta(ge=1, le=100)]
Cursor = Annotated[str, Meta(max_length=1000)]


class Query(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of a query string: one that is not known is an error."""


class PageQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 25
    after: Cursor | None = None


class CustomerQuery(PageQuery, frozen=True, kw_only=True):
    q: Line | None = None


class PaymentQuery(PageQuery, frozen=True, kw_only=True):
    customer_id: Id | None = None


class InvoiceQuery(PageQuery, frozen=True, kw_only=True):
    """`status` takes several, separated by commas; `sort` takes fields, separated by commas, `-` for descending."""

    status: Line | None = None
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
    efactura_status: Line | None = None
    sort: Line | None = None


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


class FeedQuery(Query, frozen=True, kw_only=True):
    after: Annotated[int, Meta(ge=0, le=1 << 62)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
