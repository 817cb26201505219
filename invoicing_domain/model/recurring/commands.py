"""What one may ask of a recurring invoice."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import HeaderChanges
from invoicing_domain.model.invoice.events import Delivery
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.recurring.events import CatchUp, Plan, Unit


class RhythmChanges(TypedDict, total=False):
    """What to change on a rhythm; an absent key stays as it is."""

    every: int
    unit: Unit
    starts_on: date
    end_of_month: bool
    ends_on: date | None
    count: int | None


class PlanChanges(TypedDict, total=False):
    """What to change on a plan beside its header and rhythm; an absent key stays as it is."""

    name: str
    lines: tuple[LineInput, ...]
    catch_up: CatchUp
    send: bool
    deliver: Delivery
    series: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecurring:
    recurring_id: StreamId
    reference: int
    plan: Plan
    registers: RegisterCustomer | None = None
    """A customer met for the first time, registered in the same step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecurring:
    recurring_id: StreamId
    changes: PlanChanges = field(default_factory=PlanChanges)
    header: HeaderChanges = field(default_factory=HeaderChanges)
    rhythm: RhythmChanges = field(default_factory=RhythmChanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecurring:
    recurring_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecurring:
    recurring_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPeriod:
    """Make the invoice of a period, if it is the one whose turn it is; `period` None only passes over missed ones.

    `problem`: why it is not sent although the plan says so.
    """

    recurring_id: StreamId
    invoice_id: StreamId
    reference: int
    period: date | None
    send: bool = False
    problem: str = ""
