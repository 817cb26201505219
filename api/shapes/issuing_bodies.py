"""Bodies of requests that lead to invoices: orders, series, proformas, recurring invoices, bulk actions."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from api.shapes.bodies import InvoicePatch
from api.shapes.queries import InvoiceFilters, Query
from invoicing_domain.model.invoice.lines import MAX_LINES
from invoicing_domain.model.number_series.events import DocumentKind
from invoicing_domain.model.recurring.decide import LONGEST_STEP, MOST_PERIODS
from invoicing_domain.model.recurring.events import CatchUp, Unit
from invoicing_domain.requests.bodies import Body, Delivery, InvoiceBody, LineBody, Prefix
from invoicing_domain.requests.texts import Id, Line, Name

MOST_AT_ONCE = 200
"""So many invoices are acted on while whoever asked waits for the answer; more are a run."""

MOST_IN_A_RUN = 10_000


class SeriesBody(Body, frozen=True, kw_only=True):
    """A new series; `decision` names the internal decision that assigns it (OMFP 2634/2015 annex 1 pt. 24)."""

    document: DocumentKind
    prefix: Prefix
    first: Annotated[int, Meta(ge=1, le=999_999_999)] = 1
    decision: Line = ""
    valid_from: date | None = None
    valid_to: date | None = None


class ReasonBody(Body, frozen=True, kw_only=True):
    reason: Line = ""


class ProformaSendBody(Body, frozen=True, kw_only=True):
    series: Prefix | None = None


class RhythmBody(Body, frozen=True, kw_only=True):
    """Every so many days, weeks, months or years; a day that a month does not have is its last one."""

    every: Annotated[int, Meta(ge=1, le=LONGEST_STEP)] = 1
    unit: Unit
    starts_on: date
    end_of_month: bool = False
    ends_on: date | None = None
    count: Annotated[int, Meta(ge=1, le=MOST_PERIODS)] | None = None


class RhythmPatch(Body, frozen=True, kw_only=True):
    every: Annotated[int, Meta(ge=1, le=LONGEST_STEP)] | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    end_of_month: bool | UnsetType = UNSET
    ends_on: date | UnsetType | None = UNSET
    count: Annotated[int, Meta(ge=1, le=MOST_PERIODS)] | UnsetType | None = UNSET


class RecurringBody(InvoiceBody, frozen=True, kw_only=True):
    """An invoice without dates, and the rhythm by which it comes again.

    `catch_up` says what becomes of periods that were missed: `none`, `latest` (an invoice for the last one only) or
    `all`. With `send` invoices are issued at once, else they wait as drafts.
    """

    name: Name
    rhythm: RhythmBody
    catch_up: CatchUp = "latest"
    send: bool = False
    deliver: Delivery = "none"
    series: Prefix | None = None


class RecurringPatch(InvoicePatch, frozen=True, kw_only=True):
    """Counts for periods that are not settled yet."""

    name: Name | UnsetType = UNSET
    lines: Annotated[tuple[LineBody, ...], Meta(min_length=1, max_length=MAX_LINES)] | UnsetType = UNSET
    rhythm: RhythmPatch | UnsetType = UNSET
    catch_up: CatchUp | UnsetType = UNSET
    send: bool | UnsetType = UNSET
    deliver: Delivery | UnsetType = UNSET
    series: Prefix | UnsetType | None = UNSET


BulkAction = Literal["send", "remind", "delete", "export", "submit_efactura"]


class BulkBody(Body, frozen=True, kw_only=True):
    """One action on many invoices: those of `ids`, in their order, or those of `filter`, oldest first."""

    action: BulkAction
    ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST_IN_A_RUN)] | None = None
    filter: InvoiceFilters | None = None
    deliver: Delivery = "none"
    series: Prefix | None = None


class ProformaQuery(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    after: Annotated[str, Meta(max_length=1000)] | None = None
    status: Literal["draft", "sent", "cancelled", "invoiced"] | None = None
    customer_id: Id | None = None


class RecurringQuery(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    after: Annotated[str, Meta(max_length=1000)] | None = None
    status: Literal["active", "paused", "ended"] | None = None
    customer_id: Id | None = None


class GeneratedQuery(Query, frozen=True, kw_only=True):
    """The newest period first; `before` goes on with those earlier than that day."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 25
    before: date | None = None


class SeriesReportQuery(Query, frozen=True, kw_only=True):
    document: DocumentKind | None = None
    prefix: Prefix | None = None
