"""Which period's turn it is on a day, and which ones are passed over: the catch-up policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from invoicing_domain.model.recurring.calendar import periods
from invoicing_domain.model.recurring.events import CatchUp, PassedOver, PeriodsPassedOver
from invoicing_domain.model.recurring.state import RecurringInvoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The next step: periods to pass over, and then the one to bill, if any."""

    passed_over: tuple[PeriodsPassedOver, ...]
    period: date | None


def turn(state: RecurringInvoice, today: date) -> Turn | None:
    """What is to be done on a day of the organization's calendar; None: nothing.

    A period is due from its first day on. Those of a pause are never billed, whatever the policy; of the others that
    are due, `all` bills each, `latest` the last one, `none` only one that begins today.
    """
    if state.paused_on is not None:
        return None
    due = list(takewhile(lambda day: day <= today, periods(state.plan.rhythm, state.settled_through)))
    if not due:
        return None
    wanted = _wanted(state.plan.catch_up, [day for day in due if not state.in_pause(day)], today)
    period = wanted[0] if wanted else None
    missed = [day for day in due if period is None or day < period]
    return Turn(passed_over=_summed_up(missed, state), period=period)


def _wanted(policy: CatchUp, due: list[date], today: date) -> list[date]:
    if policy == "all":
        return due
    if policy == "latest":
        return due[-1:]
    return [day for day in due if day == today]


def _summed_up(missed: Iterable[date], state: RecurringInvoice) -> tuple[PeriodsPassedOver, ...]:
    """One fact for each run of periods that were missed for the same reason."""
    facts = []
    for paused, run in groupby(missed, state.in_pause):
        days = list(run)
        reason: PassedOver = "paused" if paused else "catch_up"
        facts.append(PeriodsPassedOver(first=days[0], last=days[-1], count=len(days), reason=reason))
    return tuple(facts)
