"""What may be done to a recurring invoice."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.recurring.commands import (
    BillPeriod,
    ChangeRecurring,
    PauseRecurring,
    ResumeRecurring,
    ScheduleRecurring,
)
from invoicing_domain.model.recurring.due import turn
from invoicing_domain.model.recurring.events import (
    InvoiceGenerated,
    Plan,
    RecurringChanged,
    RecurringFact,
    RecurringPaused,
    RecurringResumed,
    RecurringScheduled,
    Rhythm,
)
from invoicing_domain.model.recurring.state import RecurringInvoice
from invoicing_domain.model.refusal import Refusal

LONGEST_STEP: Final = 1000
MOST_PERIODS: Final = 10_000
EARLIEST_START: Final = timedelta(days=366)
"""How far back a schedule may begin: with catch-up, a year of invoices is a wish, a decade a slip of the pen."""

LATEST_START: Final = timedelta(days=3660)


def schedule(state: RecurringInvoice | None, command: ScheduleRecurring, context: Context) -> tuple[RecurringFact, ...]:
    if state is not None:
        raise Refusal("recurring_exists", "this recurring invoice exists already", reference=command.reference)
    _check_start(command.plan.rhythm, context.today)
    return (RecurringScheduled(reference=command.reference, plan=_checked(command.plan, context)),)


def change(state: RecurringInvoice | None, command: ChangeRecurring, context: Context) -> tuple[RecurringFact, ...]:
    """Periods that are settled stay so, whatever the new rhythm: none is ever billed twice."""
    recurring = _known(state)
    before = recurring.plan
    plan = replace(
        before,
        header=replace(before.header, **command.header),
        rhythm=replace(before.rhythm, **command.rhythm),
        **command.changes,
    )
    if plan.rhythm.starts_on != before.rhythm.starts_on:
        _check_start(plan.rhythm, context.today)
    plan = _checked(plan, context)
    return () if plan == before else (RecurringChanged(plan=plan),)


def pause(state: RecurringInvoice | None, command: PauseRecurring, context: Context) -> tuple[RecurringFact, ...]:
    recurring = _known(state)
    return () if recurring.paused_on else (RecurringPaused(date=context.today, reason=command.reason),)


def resume(state: RecurringInvoice | None, command: ResumeRecurring, context: Context) -> tuple[RecurringFact, ...]:
    recurring = _known(state)
    return (RecurringResumed(date=context.today, reason=command.reason),) if recurring.paused_on else ()


def bill(state: RecurringInvoice | None, command: BillPeriod, context: Context) -> tuple[RecurringFact, ...]:
    """Passing over and generating as the policy says today."""
    recurring = _known(state)
    now = turn(recurring, context.today)
    if now is None or now.period != command.period:
        raise Refusal("period_not_due", "it is not the turn of this period, or it has its invoice already")
    if now.period is None:
        return now.passed_over
    generated = InvoiceGenerated(
        period=now.period, date=context.today, invoice_id=command.invoice_id, problem=command.problem
    )
    return (*now.passed_over, generated)


def _known(state: RecurringInvoice | None) -> RecurringInvoice:
    if state is None:
        raise Refusal("not_found", "there is no such recurring invoice")
    return state


def _checked(plan: Plan, context: Context) -> Plan:
    """The plan as it is kept; refuses what could never become an invoice."""
    header = plan.header
    if header.issue_date or header.due_date or header.tax_point_date or header.delivery_date:
        raise Refusal("recurring_dated", "a recurring invoice has no dates of its own; use payment_terms_days")
    if not plan.lines:
        raise Refusal("recurring_without_lines", "a recurring invoice needs at least one line")
    _check_rhythm(plan.rhythm)
    invoices.draft(None, DraftInvoice(invoice_id=StreamId(""), reference=1, header=header, lines=plan.lines), context)
    buyer = header.customer
    named = Buyer(customer_id=buyer.customer_id, name=buyer.name, kind=buyer.kind)
    return replace(plan, header=replace(header, customer=named))


def _check_rhythm(rhythm: Rhythm) -> None:
    if not 1 <= rhythm.every <= LONGEST_STEP:
        raise Refusal("rhythm_invalid", f"a rhythm has 1 to {LONGEST_STEP} units in a step", every=rhythm.every)
    if rhythm.count is not None and not 1 <= rhythm.count <= MOST_PERIODS:
        raise Refusal("rhythm_invalid", f"a rhythm has 1 to {MOST_PERIODS} periods", count=rhythm.count)
    if rhythm.count is not None and rhythm.ends_on is not None:
        raise Refusal("rhythm_invalid", "a rhythm ends on a day or after a number of periods, not both")
    if rhythm.ends_on is not None and rhythm.ends_on < rhythm.starts_on:
        raise Refusal("rhythm_invalid", f"a rhythm does not end before it begins, on {rhythm.starts_on}")
    if rhythm.end_of_month and rhythm.unit not in {"month", "year"}:
        raise Refusal("rhythm_invalid", "only months and years have an end of the month", unit=rhythm.unit)


def _check_start(rhythm: Rhythm, today: date) -> None:
    if not today - EARLIEST_START <= rhythm.starts_on <= today + LATEST_START:
        raise Refusal(
            "recurring_start_invalid",
            f"a schedule begins at most {EARLIEST_START.days} days ago, and within {LATEST_START.days} days",
            starts_on=str(rhythm.starts_on),
        )
