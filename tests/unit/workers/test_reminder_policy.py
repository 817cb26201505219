"""When an invoice is reminded of: by examples, then on any calendar that a clock can come up with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.dates import days_overdue, local_date
from invoicing_domain.model.invoice.events import (
    Cancelled,
    CreditNoteIssued,
    Discarded,
    Drafted,
    DueDateExtended,
    Header,
    InvoiceFact,
    LineAdded,
    PaymentReceived,
    PaymentReversed,
    ReminderRequested,
    ReminderSent,
    RemindersHeld,
    RemindersResumed,
    Sent,
)
from invoicing_domain.model.invoice.lines import LineInput, document_totals, priced
from invoicing_domain.model.invoice.state import Invoice, evolve, fold
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.vat import Vat
from workers.policies.backoff import FIRST, LONGEST, MAX_ATTEMPTS, pause_before
from workers.policies.reminders import NotDue, ReminderDue, Verdict, judge

DUE = date(2026, 11, 2)
STEPS = (7, 14, 30)
AT = datetime(2026, 10, 3, 9, tzinfo=UTC)
LINE = priced(
    "1", LineInput(description="Masă", quantity=Decimal(1), unit_price=Decimal(100), vat=Vat("S", Decimal(21))), "RON"
)
TOTALS, BREAKDOWN = document_totals((LINE,), None, "RON")
GROSS = TOTALS.gross
BUYER = Buyer(customer_id="", name="Ion", email="ion@client.example")


def invoice(*facts: InvoiceFact, due: date = DUE) -> Invoice:
    sent = Sent(
        number="IZV000001",
        series="IZV",
        sent_at=AT,
        issue_date=due - timedelta(days=30),
        due_date=due,
        seller=Seller(name="Atelier"),
        customer=BUYER,
        totals=TOTALS,
        vat_breakdown=BREAKDOWN,
    )
    return draft(sent, *facts)


def draft(*facts: InvoiceFact) -> Invoice:
    begun = evolve(None, Drafted(reference=1, header=Header(customer=BUYER, currency="RON")))
    return fold([LineAdded(line=LINE), *facts], begun)


def reminder(step: int, day: date = DUE) -> ReminderSent:
    return ReminderSent(step=step, date=day, sent_at=AT, to="ion@client.example", balance=GROSS, message_id="<1@x>")


def payment(amount: Money = GROSS) -> PaymentReceived:
    return PaymentReceived(
        payment_id="p", amount=amount, date=DUE, method="cash", reference="", customer_id="", balance=GROSS - amount
    )


def reversal(amount: Money = GROSS) -> PaymentReversed:
    return PaymentReversed(payment_id="p", amount=amount, date=DUE, reason="bounced", customer_id="", balance=GROSS)


def credit_note(applied: Money) -> CreditNoteIssued:
    return CreditNoteIssued(
        credit_note_id="c",
        number="IZC000001",
        date=DUE,
        amount=GROSS,
        applied=applied,
        balance=zero("RON"),
        reason="returned",
        lines=(),
        totals=TOTALS,
        vat_breakdown=BREAKDOWN,
        customer_id="",
    )


def on_day(late: int, state: Invoice, steps: Sequence[int] = STEPS) -> Verdict:
    return judge(state, today=DUE + timedelta(days=late), steps=steps, recipient=BUYER.email)


@pytest.mark.parametrize(("late", "step"), [(7, 7), (8, 7), (13, 7)])
def test_the_first_step_is_due_from_its_day_on(late: int, step: int) -> None:
    assert on_day(late, invoice()) == ReminderDue(step=step)


@pytest.mark.parametrize(
    ("late", "reason"), [(-5, "not_overdue"), (0, "not_overdue"), (1, "before_first_step"), (6, "before_first_step")]
)
def test_nothing_is_due_before_the_first_step(late: int, reason: str) -> None:
    assert on_day(late, invoice()) == NotDue(reason=reason)  # type: ignore[arg-type]


def test_due_today_is_not_overdue_even_with_a_step_of_zero_days() -> None:
    assert on_day(0, invoice(), steps=(0, 7)) == NotDue(reason="not_overdue")


def test_of_several_steps_that_are_due_the_highest_wins_and_passes_over_the_others() -> None:
    assert on_day(40, invoice()) == ReminderDue(step=30, passed_over=(7, 14))
    assert on_day(40, invoice(reminder(7))) == ReminderDue(step=30, passed_over=(14,))


def test_a_step_never_follows_a_higher_one() -> None:
    assert on_day(40, invoice(reminder(30))) == NotDue(reason="reminded")
    assert on_day(10, invoice(reminder(14))) == NotDue(reason="reminded")


def test_what_somebody_asked_for_is_due_whatever_the_steps_say() -> None:
    wanted = ReminderRequested(request=1)
    assert on_day(1, invoice(wanted)) == ReminderDue(step=0, request=1)
    assert on_day(1, invoice(wanted), steps=()) == ReminderDue(step=0, request=1)
    assert on_day(10, invoice(reminder(7, DUE + timedelta(days=10)), wanted)) == ReminderDue(step=0, request=1)


def test_what_somebody_asked_for_takes_the_step_that_is_due_with_it() -> None:
    assert on_day(40, invoice(ReminderRequested(request=1))) == ReminderDue(step=30, passed_over=(7, 14), request=1)


def test_what_somebody_asked_for_has_the_same_obstacles_as_a_step() -> None:
    wanted = ReminderRequested(request=1)
    assert on_day(0, invoice(wanted)) == NotDue(reason="not_overdue")
    assert on_day(8, invoice(wanted, payment())) == NotDue(reason="paid")
    assert on_day(8, invoice(wanted, RemindersHeld())) == NotDue(reason="held")
    assert judge(invoice(wanted), today=DUE + timedelta(days=8), steps=STEPS, recipient=None) == NotDue(
        reason="no_email"
    )


def test_a_step_that_was_sent_is_not_due_again() -> None:
    assert on_day(10, invoice(reminder(7))) == NotDue(reason="reminded")
    assert on_day(14, invoice(reminder(7))) == ReminderDue(step=14)


def test_steps_set_anew_go_on_above_what_was_sent() -> None:
    assert on_day(25, invoice(reminder(14)), steps=(5, 10, 20)) == ReminderDue(step=20)


def test_no_two_letters_go_out_on_one_day() -> None:
    today = DUE + timedelta(days=14)
    assert on_day(14, invoice(reminder(7, today))) == NotDue(reason="reminded_today")
    assert on_day(15, invoice(reminder(7, today))) == ReminderDue(step=14)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (draft(), "draft"),
        (draft(Discarded()), "discarded"),
        (invoice(payment()), "paid"),
        (invoice(credit_note(GROSS)), "credited"),
        (invoice(payment(), credit_note(zero("RON")), reversal()), "credited"),
        (invoice(RemindersHeld(reason="disputed")), "held"),
    ],
)
def test_nobody_is_reminded_of_what_is_not_owed_or_held(state: Invoice, reason: str) -> None:
    assert on_day(40, state) == NotDue(reason=reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "state",
    [
        invoice(payment(Money(1, "RON"))),
        invoice(payment(), reversal()),
        invoice(RemindersHeld(), RemindersResumed()),
    ],
)
def test_what_is_still_owed_is_reminded_of(state: Invoice) -> None:
    assert on_day(7, state) == ReminderDue(step=7)


@pytest.mark.parametrize("nowhere", [None, ""])
def test_without_an_address_there_is_no_mail(nowhere: str | None) -> None:
    verdict = judge(invoice(), today=DUE + timedelta(days=7), steps=STEPS, recipient=nowhere)
    assert verdict == NotDue(reason="no_email")


def test_without_steps_there_is_no_mail() -> None:
    assert on_day(40, invoice(), steps=()) == NotDue(reason="before_first_step")


# Any calendar

ladders = st.sets(st.integers(1, 60), min_size=1, max_size=6).map(lambda steps: tuple(sorted(steps)))
days = st.integers(-10, 90)


def live(state: Invoice, calendar: Sequence[date], steps: Sequence[int]) -> list[ReminderSent]:
    """What goes out when the worker looks on these days, in this order."""
    for today in calendar:
        verdict = judge(state, today=today, steps=steps, recipient=BUYER.email)
        if isinstance(verdict, ReminderDue):
            state = evolve(state, replace(reminder(verdict.step, today), passed_over=verdict.passed_over))
    return list(state.reminders)


@given(ladders, st.lists(days, max_size=60))
def test_on_any_order_of_days_each_step_goes_out_at_most_once_and_upwards(
    steps: tuple[int, ...], offsets: list[int]
) -> None:
    sent = live(invoice(), [DUE + timedelta(days=offset) for offset in offsets], steps)
    numbers = [one.step for one in sent]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(steps)
    assert all(days_overdue(DUE, one.date) >= one.step for one in sent)


@given(ladders, st.lists(days, max_size=60))
def test_every_step_below_the_last_one_is_either_sent_or_passed_over_never_both(
    steps: tuple[int, ...], offsets: list[int]
) -> None:
    sent = live(invoice(), [DUE + timedelta(days=offset) for offset in offsets], steps)
    passed_over = [step for one in sent for step in one.passed_over]
    accounted = [*(one.step for one in sent), *passed_over]
    last = max((one.step for one in sent), default=0)
    assert sorted(accounted) == [step for step in steps if step <= last]


@given(ladders, st.lists(days, min_size=1, max_size=60))
def test_after_any_day_the_right_letter_for_the_latest_of_them_has_gone_out(
    steps: tuple[int, ...], offsets: list[int]
) -> None:
    sent = live(invoice(), [DUE + timedelta(days=offset) for offset in sorted(set(offsets))], steps)
    wanted = max((step for step in steps if step <= max(offsets)), default=0)
    assert max((one.step for one in sent), default=0) == wanted


@given(
    zone=st.sampled_from(["Europe/Bucharest", "Europe/London", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]),
    due=st.dates(date(2027, 2, 1), date(2028, 11, 5)),  # with its leap day, and four nights of summer time
    ticks=st.integers(5, 17),
)
def test_every_step_goes_out_once_on_its_day_through_leap_days_and_nights_of_summer_time(
    zone: str, due: date, ticks: int
) -> None:
    start = datetime(due.year, due.month, due.day, tzinfo=UTC) - timedelta(days=2)
    moments = [start + timedelta(hours=hour) for hour in range(0, 24 * 36, ticks)]
    sent = live(invoice(due=due), [local_date(moment, zone) for moment in moments], STEPS)
    assert [(one.step, one.date) for one in sent] == [(step, due + timedelta(days=step)) for step in STEPS]


# Pauses


@given(st.integers(1, MAX_ATTEMPTS), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_nothing_and_never_longer_than_the_longest(attempt: int, chance: float) -> None:
    assert timedelta(seconds=1) <= pause_before(attempt, chance) <= LONGEST


def test_pauses_grow_with_the_attempts() -> None:
    pauses = [pause_before(attempt, 0.5) for attempt in range(1, 20)]
    assert pauses == sorted(pauses)
    assert pauses[0] == FIRST
    assert pauses[-1] == LONGEST / 2


def test_an_invoice_whose_due_date_was_put_off_is_late_from_then_on() -> None:
    later = DueDateExtended(due_date=DUE + timedelta(days=20), previous=DUE, date=DUE, reason="agreed")
    put_off = invoice(later)
    assert judge(put_off, today=DUE + timedelta(days=20), steps=STEPS, recipient="a@b.example") == NotDue(
        reason="not_overdue"
    )
    verdict = judge(put_off, today=DUE + timedelta(days=27), steps=STEPS, recipient="a@b.example")
    assert verdict == ReminderDue(step=7)


def test_a_cancelled_invoice_is_never_reminded_of() -> None:
    cancelled = invoice(Cancelled(date=DUE, reason="order cancelled", credit_note_id="n", number="IZC000001"))
    verdict = judge(cancelled, today=DUE + timedelta(days=60), steps=STEPS, recipient="a@b.example")
    assert verdict == NotDue(reason="cancelled")


def test_who_declined_reminders_is_not_written_to() -> None:
    verdict = judge(invoice(), today=DUE + timedelta(days=7), steps=(7,), recipient="ion@client.example", declined=True)
    assert verdict == NotDue(reason="declined")
