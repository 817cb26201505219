"""What happened to a recurring invoice: a schedule by which invoices come about, one a period at most."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from invoicing_domain.model.invoice.events import Delivery, Header
from invoicing_domain.model.invoice.lines import LineInput

Unit = Literal["day", "week", "month", "year"]

CatchUp = Literal["none", "latest", "all"]
"""What becomes of periods that were missed: nothing, an invoice for the latest of them, or one for each."""

PassedOver = Literal["paused", "catch_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Every so many days, weeks, months or years from `starts_on` on.

    Months and years keep the day of `starts_on`, or the last one of a month that is too short for it; with
    `end_of_month`, always the last one. It ends on a day (included), after `count` periods, or never.
    """

    every: int
    unit: Unit
    starts_on: date
    end_of_month: bool = False
    ends_on: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is invoiced and when. The buyer in `header` is a name: each invoice takes the customer as it is then."""

    name: str
    header: Header
    lines: tuple[LineInput, ...]
    rhythm: Rhythm
    catch_up: CatchUp = "latest"
    send: bool = False
    """Whether invoices are sent at once; else they wait as drafts."""
    deliver: Delivery = "none"
    series: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringScheduled:
    reference: int
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringChanged:
    """The plan is another one for all periods that are not settled yet."""

    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringPaused:
    """From `date` on no period is billed, and those of the pause never will be."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringResumed:
    """Billing goes on with the periods from `date` on."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceGenerated:
    """The invoice of the period that begins on `period`, recorded in one transaction with it: there is never another.

    `problem` says why it is a draft although it should have been sent.
    """

    period: date
    date: date
    invoice_id: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodsPassedOver:
    """Periods for which there is and will be no invoice."""

    first: date
    last: date
    count: int
    reason: PassedOver


RecurringFact = (
    RecurringScheduled | RecurringChanged | RecurringPaused | RecurringResumed | InvoiceGenerated | PeriodsPassedOver
)
