"""Reminders of a sent invoice: what stands in their way, asking for one, and what became of it."""

from datetime import date
from typing import Final, Literal

from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.state import Customer, address_of
from invoicing_domain.model.invoice.commands import (
    DropReminder,
    HoldReminders,
    RecordReminder,
    ResumeReminders,
)
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.events import (
    InvoiceFact,
    ReminderDropped,
    ReminderRequested,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
)
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.refusal import Refusal

Obstacle = Literal["draft", "discarded", "paid", "credited", "cancelled", "held", "not_overdue"]

_REFUSALS: Final[dict[Obstacle, tuple[str, str]]] = {
    "paid": ("invoice_paid", "nothing is left to pay on this invoice"),
    "credited": ("invoice_credited", "the invoice is credited in full"),
    "cancelled": ("invoice_cancelled", "the invoice is cancelled"),
    "held": ("reminders_held", "reminders are held for this invoice; resume them first"),
    "not_overdue": ("invoice_not_overdue", "the invoice is not overdue"),
}


def obstacle(invoice: Invoice, today: date) -> Obstacle | None:
    """Why nobody is to be reminded of this invoice on a day; None when somebody may be."""
    match invoice.status(today):
        case "draft" | "discarded" | "paid" | "credited" | "cancelled" as standing:
            return standing
        case _ if invoice.reminders_held:
            return "held"
        case _:
            return None if invoice.due_date is not None and invoice.due_date < today else "not_overdue"


def request_reminder(
    state: Invoice | None, customer: Customer | None, context: Context
) -> tuple[ReminderRequested, ...]:
    """Somebody wants the debtor reminded now, whatever the steps say; once at a time."""
    invoice = sent_of(state)
    reason = obstacle(invoice, context.today)
    if reason is not None:
        code, words = _REFUSALS[reason]
        raise Refusal(code, words, due_date=invoice.due_date.isoformat() if invoice.due_date else "")
    if not address_of(invoice.header.customer, customer):
        raise Refusal("customer_without_email", "the customer has no e-mail address to remind at")
    if invoice.open_request is not None:
        raise Refusal("reminder_already_requested", "a reminder was asked for already and has not gone out yet")
    return (ReminderRequested(request=invoice.reminder_requests + 1),)


def drop_reminder(state: Invoice | None, command: DropReminder) -> tuple[ReminderDropped, ...]:
    """What was asked for will not be sent; silent when it was sent or dropped already."""
    if sent_of(state).open_request != command.request:
        return ()
    return (ReminderDropped(request=command.request, reason=command.reason),)


def record_reminder(state: Invoice | None, command: RecordReminder, context: Context) -> tuple[InvoiceFact, ...]:
    """A mail that went out is a fact whatever the state; the same request, or the same step, twice is silent."""
    invoice = sent_of(state)
    if any(_same(reminder, command) for reminder in invoice.reminders):
        return ()
    return (
        ReminderSent(
            step=command.step,
            date=command.date,
            sent_at=context.at,
            to=command.to,
            balance=invoice.balance,
            message_id=command.message_id,
            passed_over=command.passed_over,
            request=command.request,
            customer_id=invoice.header.customer.customer_id,
        ),
    )


def _same(reminder: ReminderSent, command: RecordReminder) -> bool:
    if command.request is not None:
        return reminder.request == command.request
    return reminder.step == command.step


def hold_reminders(state: Invoice | None, command: HoldReminders) -> tuple[RemindersHeld, ...]:
    return () if sent_of(state).reminders_held else (RemindersHeld(reason=command.reason),)


def resume_reminders(state: Invoice | None, command: ResumeReminders) -> tuple[RemindersResumed, ...]:
    return (RemindersResumed(reason=command.reason),) if sent_of(state).reminders_held else ()
