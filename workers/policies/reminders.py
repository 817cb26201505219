"""Whether an invoice is reminded of today, and how firmly: a function of its state, the day and the steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from invoicing_domain.model.dates import days_overdue
from invoicing_domain.model.invoice.state import Invoice

Obstacle = Literal["draft", "discarded", "paid", "credited", "cancelled", "held"]
Reason = Obstacle | Literal["not_overdue", "before_first_step", "reminded", "reminded_today", "no_email"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue:
    """The one step to send now. Lower steps that were never sent are `passed_over`: they will not be sent later."""

    step: int
    passed_over: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDue:
    """No mail, and why not."""

    reason: Reason


Verdict = ReminderDue | NotDue


def judge(invoice: Invoice, *, today: date, steps: Iterable[int], recipient: str | None) -> Verdict:
    """Judge on a day of the organization's calendar; `recipient` is the address that a mail would go to.

    Of several steps that are due the highest wins, and no step ever follows a higher one: a debtor who was not written
    to for a month gets one letter, the right one for the day, and never a friendlier one afterwards.
    """
    obstacle = _obstacle(invoice, today)
    if obstacle is not None:
        return NotDue(reason=obstacle)
    late = _days_late(invoice, today)
    if late == 0:
        return NotDue(reason="not_overdue")
    ladder = sorted(set(steps))
    due = [step for step in ladder if step <= late]
    if not due:
        return NotDue(reason="before_first_step")
    reached = max((reminder.step for reminder in invoice.reminders), default=0)
    if due[-1] <= reached:
        return NotDue(reason="reminded")
    if any(reminder.date == today for reminder in invoice.reminders):
        return NotDue(reason="reminded_today")
    if not recipient:
        return NotDue(reason="no_email")
    return ReminderDue(step=due[-1], passed_over=tuple(step for step in due[:-1] if step > reached))


def _obstacle(invoice: Invoice, today: date) -> Obstacle | None:
    match invoice.status(today):
        case "draft" | "discarded" | "paid" | "credited" | "cancelled" as standing:
            return standing
        case _:
            return "held" if invoice.reminders_held else None


def _days_late(invoice: Invoice, today: date) -> int:
    return days_overdue(invoice.due_date, today) if invoice.sent and invoice.due_date else 0
