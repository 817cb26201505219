"""The recurring invoice as the fold of its facts."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from invoicing_domain.model.recurring.calendar import periods
from invoicing_domain.model.recurring.events import (
    InvoiceGenerated,
    PeriodsPassedOver,
    Plan,
    RecurringChanged,
    RecurringFact,
    RecurringPaused,
    RecurringResumed,
    RecurringScheduled,
)
from invoicing_domain.model.states import changed

RecurringStatus = Literal["active", "paused", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days on which no period was billed: from the first one on, up to the day before `until`."""

    first: date
    until: date


@dataclass(frozen=True, kw_only=True)
class RecurringInvoice:
    """State of one schedule. Periods up to `settled_through` have their invoice, or never will."""

    reference: int
    plan: Plan
    settled_through: date | None = None
    paused_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    generated: int = 0
    passed_over: int = 0
    last: InvoiceGenerated | None = None

    @property
    def status(self) -> RecurringStatus:
        if self.paused_on is not None:
            return "paused"
        return "ended" if self.next_on is None else "active"

    @property
    def next_on(self) -> date | None:
        """The first period that is not settled yet; None when there is none, or none before a pause ends."""
        if self.paused_on is not None:
            return None
        return next(periods(self.plan.rhythm, self.settled_through), None)

    def in_pause(self, day: date) -> bool:
        return any(pause.first <= day < pause.until for pause in self.pauses)


def evolve(state: RecurringInvoice | None, fact: RecurringFact) -> RecurringInvoice:
    if isinstance(fact, RecurringScheduled):
        return RecurringInvoice(reference=fact.reference, plan=fact.plan)
    if state is None:
        raise TypeError(f"a recurring invoice begins with RecurringScheduled, not with {type(fact).__name__}")
    match fact:
        case RecurringChanged():
            return changed(state, plan=fact.plan)
        case RecurringPaused():
            return changed(state, paused_on=fact.date)
        case RecurringResumed():
            pause = Pause(first=state.paused_on or fact.date, until=fact.date)
            return changed(state, paused_on=None, pauses=(*state.pauses, pause))
        case InvoiceGenerated():
            return changed(state, settled_through=fact.period, generated=state.generated + 1, last=fact)
        case PeriodsPassedOver():
            return changed(state, settled_through=fact.last, passed_over=state.passed_over + fact.count)
