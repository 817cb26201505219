"""Whether an invoice is reminded of today, and how firmly: a function of its state, the day and the steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from invoicing_domain.model.dates import days_overdue
from invoicing_domain.model.invoice.reminding import Obstacle, obstacle
from invoicing_domain.model.invoice.state import Invoice

Reason = Obstacle | Literal["before_first_step", "reminded", "reminded_today", "no_email", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue:
    """The one step to send now. Lower steps that were never sent are `passed_over`: they will not be sent later.

    With a `request` somebody asked for it; its step is 0 when none was due anyway.
    """

    step: int
    passed_over: tuple[int, ...] = ()
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDue:
    """No mail, and why not."""

    reason: Reason


Verdict = ReminderDue | NotDue


def judge(
    invoice: Invoice, *, today: date, steps: Iterable[int], recipient: str | None, declined: bool = False
) -> Verdict:
    """Judge on a day of the organization's calendar; `recipient` is the address that a mail would go to.

    Of several steps that are due the highest wins, and no step ever follows a higher one: a debtor who was not written
    to for a month gets one letter, the right one for the day, and never a friendlier one afterwards. A reminder that
    somebody asked for takes the step that is due with it, so that the two are one letter.
    """
    reason = obstacle(invoice, today)
    if reason is not None:
        return NotDue(reason=reason)
    verdict = _of_ladder(invoice, today, sorted(set(steps)))
    if invoice.open_request is not None:
        step, passed_over = (verdict.step, verdict.passed_over) if isinstance(verdict, ReminderDue) else (0, ())
        verdict = ReminderDue(step=step, passed_over=passed_over, request=invoice.open_request)
    if isinstance(verdict, ReminderDue) and declined:
        return NotDue(reason="declined")
    if isinstance(verdict, ReminderDue) and not recipient:
        return NotDue(reason="no_email")
    return verdict


def _of_ladder(invoice: Invoice, today: date, ladder: Sequence[int]) -> Verdict:
    late = 0 if invoice.due_date is None else days_overdue(invoice.due_date, today)
    due = [step for step in ladder if step <= late]
    if not due:
        return NotDue(reason="before_first_step")
    reached = max((reminder.step for reminder in invoice.reminders), default=0)
    if due[-1] <= reached:
        return NotDue(reason="reminded")
    if any(reminder.date == today for reminder in invoice.reminders):
        return NotDue(reason="reminded_today")
    return ReminderDue(step=due[-1], passed_over=tuple(step for step in due[:-1] if step > reached))
