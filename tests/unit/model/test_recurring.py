from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from invoicing_domain.model.customer.events import CustomerProfile, CustomerRegistered
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.invoice.commands import HeaderChanges
from invoicing_domain.model.invoice.events import Drafted, Origin
from invoicing_domain.model.organization.events import OrganizationProfile, OrganizationRegistered
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.recurring.calendar import last_day, period, periods
from invoicing_domain.model.recurring.commands import (
    BillPeriod,
    ChangeRecurring,
    PauseRecurring,
    ResumeRecurring,
    ScheduleRecurring,
)
from invoicing_domain.model.recurring.due import turn
from invoicing_domain.model.recurring.events import (
    CatchUp,
    InvoiceGenerated,
    PeriodsPassedOver,
    Plan,
    RecurringChanged,
    RecurringFact,
    RecurringPaused,
    RecurringResumed,
    RecurringScheduled,
    Rhythm,
)
from invoicing_domain.model.recurring.state import RecurringInvoice, evolve
from tests.support import facts
from tests.support.facts import CUSTOMER, INVOICE, ORGANIZATION, RECURRING, TODAY, added, asked, drafted, header, line
from tests.support.sentences import given, on, refused

BUYER = Buyer(customer_id=CUSTOMER, name=facts.BUYER.name)
MONTHLY = Rhythm(every=1, unit="month", starts_on=TODAY)
PLAN = Plan(name="Mentenanță", header=header(customer=BUYER), lines=(facts.line_input(),), rhythm=MONTHLY)
COMPANY = on(ORGANIZATION, OrganizationRegistered(profile=OrganizationProfile(name="Izvor Demo SRL")))


def scheduled(plan: Plan = PLAN, **rhythm: Any) -> RecurringScheduled:
    return RecurringScheduled(reference=1, plan=replace(plan, rhythm=replace(plan.rhythm, **rhythm)))


def scheduling(plan: Plan = PLAN, **rhythm: Any) -> ScheduleRecurring:
    wanted = replace(plan, rhythm=replace(plan.rhythm, **rhythm))
    return ScheduleRecurring(recurring_id=RECURRING, reference=1, plan=wanted)


def billing(day: date | None, **changes: Any) -> BillPeriod:
    return replace(BillPeriod(recurring_id=RECURRING, invoice_id=INVOICE, reference=1, period=day), **changes)


def generated(day: date, on_day: date = TODAY, problem: str = "") -> InvoiceGenerated:
    return InvoiceGenerated(period=day, date=on_day, invoice_id=INVOICE, problem=problem)


def begun_for(day: date, buyer: Buyer = BUYER) -> Drafted:
    origin = Origin(kind="recurring_invoice", id=RECURRING, period=day)
    return replace(drafted(customer=buyer), origin=origin)


def lived(*happened: RecurringFact, plan: Plan = PLAN, **rhythm: Any) -> RecurringInvoice:
    state = evolve(None, scheduled(plan, **rhythm))
    for fact in happened:
        state = evolve(state, fact)
    return state


def days(rhythm: Rhythm, many: int, after: date | None = None) -> list[str]:
    found = periods(rhythm, after)
    return [next(found).isoformat() for _ in range(many)]


def test_the_thirty_first_falls_on_the_last_day_of_shorter_months_and_comes_back() -> None:
    rhythm = Rhythm(every=1, unit="month", starts_on=date(2027, 1, 31))
    assert days(rhythm, 5) == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    assert days(rhythm, 2, after=date(2028, 1, 31)) == ["2028-02-29", "2028-03-31"]


def test_the_end_of_the_month_is_its_last_day_also_after_a_short_one() -> None:
    rhythm = Rhythm(every=1, unit="month", starts_on=date(2027, 2, 28), end_of_month=True)
    assert days(rhythm, 3) == ["2027-02-28", "2027-03-31", "2027-04-30"]
    assert days(replace(rhythm, end_of_month=False), 3) == ["2027-02-28", "2027-03-28", "2027-04-28"]


@pytest.mark.parametrize(
    ("every", "unit", "expected"),
    [
        (10, "day", ["2028-02-29", "2028-03-10", "2028-03-20"]),
        (2, "week", ["2028-02-29", "2028-03-14", "2028-03-28"]),
        (3, "month", ["2028-02-29", "2028-05-29", "2028-08-29"]),
        (1, "year", ["2028-02-29", "2029-02-28", "2030-02-28"]),
    ],
)
def test_a_rhythm_counts_days_weeks_months_or_years(every: int, unit: Any, expected: list[str]) -> None:
    assert days(Rhythm(every=every, unit=unit, starts_on=date(2028, 2, 29)), 3) == expected


def test_a_rhythm_ends_on_a_day_or_after_a_number_of_periods() -> None:
    rhythm = Rhythm(every=1, unit="month", starts_on=date(2027, 1, 15))
    assert len(list(periods(replace(rhythm, ends_on=date(2027, 3, 15)), None))) == 3
    assert len(list(periods(replace(rhythm, count=4), None))) == 4
    assert list(periods(replace(rhythm, count=4), date(2027, 4, 15))) == []


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
@pytest.mark.parametrize("every", [1, 3, 7])
def test_going_on_after_any_day_finds_what_counting_from_the_start_finds(unit: Any, every: int) -> None:
    rhythm = Rhythm(every=every, unit=unit, starts_on=date(2026, 8, 31))
    all_of_them = [period(rhythm, number) for number in range(900)]
    for offset in range(-40, 800, 3):
        after = date(2026, 8, 31) + timedelta(days=offset)
        assert next(periods(rhythm, after)) == next(day for day in all_of_them if day > after)


def test_months_are_as_long_as_they_are() -> None:
    assert [last_day(2027, month) for month in (1, 2, 4, 12)] == [31, 28, 30, 31]
    assert (last_day(2028, 2), last_day(2100, 2), last_day(2000, 2)) == (29, 28, 29)


def test_a_schedule_keeps_the_name_of_the_customer_and_nothing_else_of_it() -> None:
    with_everything = replace(PLAN, header=header(customer=replace(facts.BUYER, email="office@turda.example")))
    given().when(scheduling(with_everything)).then(on(RECURRING, scheduled()))
    given(on(RECURRING, scheduled())).when(scheduling()).then(refused("recurring_exists"))


@pytest.mark.parametrize(
    ("code", "plan", "rhythm"),
    [
        ("rhythm_invalid", PLAN, {"every": 0}),
        ("rhythm_invalid", PLAN, {"every": 1001}),
        ("rhythm_invalid", PLAN, {"count": 0}),
        ("rhythm_invalid", PLAN, {"count": 3, "ends_on": date(2027, 1, 1)}),
        ("rhythm_invalid", PLAN, {"ends_on": date(2026, 11, 1)}),
        ("rhythm_invalid", PLAN, {"unit": "week", "end_of_month": True}),
        ("recurring_start_invalid", PLAN, {"starts_on": date(2025, 11, 21)}),
        ("recurring_start_invalid", PLAN, {"starts_on": date(2199, 1, 1)}),
        ("recurring_without_lines", replace(PLAN, lines=()), {}),
        ("recurring_dated", replace(PLAN, header=header(due_date=date(2027, 1, 1))), {}),
        ("quantity_zero", replace(PLAN, lines=(facts.line_input(quantity="0"),)), {}),
    ],
)
def test_what_could_never_be_billed_is_not_scheduled(code: str, plan: Plan, rhythm: dict[str, Any]) -> None:
    given().when(scheduling(plan, **rhythm)).then(refused(code))


def test_the_invoice_and_the_mark_of_its_period_are_one_step() -> None:
    given(COMPANY, on(RECURRING, scheduled())).when(billing(TODAY)).then(
        on(RECURRING, generated(TODAY)), on(INVOICE, begun_for(TODAY), *added(line()))
    )


def test_a_plan_may_send_at_once_from_its_own_series() -> None:
    plan = replace(PLAN, send=True, deliver="email", series="IZV")
    seller = replace(facts.SELLER, tax_id=None, address=replace(facts.SELLER.address, city="", county=""))
    given(COMPANY, on(RECURRING, scheduled(plan)), on(facts.SERIES, facts.opened())).when(
        billing(TODAY, send=True)
    ).then(
        on(RECURRING, generated(TODAY)),
        on(
            INVOICE,
            begun_for(TODAY),
            *added(line()),
            facts.sent(line(), customer=BUYER, seller=seller, deliver="email"),
        ),
        on(facts.SERIES, facts.allocated(1)),
    )


def test_a_period_is_billed_once_for_ever() -> None:
    history = (COMPANY, on(RECURRING, scheduled(), generated(TODAY)))
    given(*history).when(billing(TODAY)).then(refused("period_not_due"))
    given(COMPANY).when(billing(TODAY)).then(refused("not_found"))
    changed = RecurringChanged(plan=replace(PLAN, rhythm=replace(MONTHLY, every=1, unit="day")))
    state = lived(generated(TODAY), changed)
    assert turn(state, TODAY) is None
    tomorrow = turn(state, TODAY + timedelta(days=1))
    assert tomorrow is not None
    assert tomorrow.period == TODAY + timedelta(days=1)


def test_before_its_day_a_period_is_not_due() -> None:
    state = lived(starts_on=TODAY + timedelta(days=1))
    assert turn(state, TODAY) is None
    assert state.next_on == TODAY + timedelta(days=1)


def turns(plan: Plan, today: date, **rhythm: Any) -> tuple[list[str], list[tuple[str, str, int, str]]]:
    """Everything billed and passed over until nothing is due on a day."""
    state = lived(plan=plan, **rhythm)
    billed: list[str] = []
    passed: list[tuple[str, str, int, str]] = []
    while (now := turn(state, today)) is not None:
        for over in now.passed_over:
            passed.append((over.first.isoformat(), over.last.isoformat(), over.count, over.reason))
            state = evolve(state, over)
        if now.period is not None:
            billed.append(now.period.isoformat())
            state = evolve(state, generated(now.period, today))
    return billed, passed


@pytest.mark.parametrize(
    ("policy", "today", "billed", "passed"),
    [
        ("all", "2027-02-05", ["2026-11-30", "2026-12-31", "2027-01-31"], []),
        ("latest", "2027-02-05", ["2027-01-31"], [("2026-11-30", "2026-12-31", 2, "catch_up")]),
        ("none", "2027-02-05", [], [("2026-11-30", "2027-01-31", 3, "catch_up")]),
        ("none", "2027-01-31", ["2027-01-31"], [("2026-11-30", "2026-12-31", 2, "catch_up")]),
    ],
)
def test_the_policy_says_what_becomes_of_missed_periods(
    policy: CatchUp, today: str, billed: list[str], passed: list[tuple[str, str, int, str]]
) -> None:
    plan = replace(PLAN, catch_up=policy)
    found = turns(plan, date.fromisoformat(today), starts_on=date(2026, 11, 30), end_of_month=True)
    assert found == (billed, passed)


def test_missed_periods_are_passed_over_in_the_step_that_bills_the_next() -> None:
    begun = scheduled(starts_on=date(2026, 9, 23))
    given(COMPANY, on(RECURRING, begun)).when(billing(TODAY)).then(
        on(
            RECURRING,
            PeriodsPassedOver(first=date(2026, 9, 23), last=date(2026, 10, 23), count=2, reason="catch_up"),
            generated(TODAY),
        ),
        on(INVOICE, begun_for(TODAY), *added(line())),
    )
    none = scheduled(replace(PLAN, catch_up="none"), starts_on=date(2026, 11, 1), count=1)
    given(COMPANY, on(RECURRING, none)).when(billing(None)).then(
        on(RECURRING, PeriodsPassedOver(first=date(2026, 11, 1), last=date(2026, 11, 1), count=1, reason="catch_up"))
    )


def test_nothing_is_billed_in_a_pause_and_nothing_of_it_afterwards() -> None:
    begun = scheduled(replace(PLAN, catch_up="all"), starts_on=date(2026, 9, 20))
    paused = RecurringPaused(date=date(2026, 10, 1), reason="")
    assert turn(evolve(evolve(None, begun), paused), TODAY) is None
    resumed = RecurringResumed(date=TODAY, reason="")
    given(COMPANY, on(RECURRING, begun, paused, resumed)).when(billing(date(2026, 9, 20))).then(
        on(RECURRING, generated(date(2026, 9, 20))), on(INVOICE, begun_for(date(2026, 9, 20)), *added(line()))
    )
    state = lived(
        paused,
        resumed,
        generated(date(2026, 9, 20)),
        plan=replace(PLAN, catch_up="all"),
        starts_on=begun.plan.rhythm.starts_on,
    )
    now = turn(state, TODAY)
    assert now is not None
    assert now.period is None
    assert [(over.count, over.reason) for over in now.passed_over] == [(2, "paused")]


def test_pausing_and_resuming_twice_is_silent() -> None:
    pause = PauseRecurring(recurring_id=RECURRING, reason="Litigiu")
    resume = ResumeRecurring(recurring_id=RECURRING, reason="Gata")
    paused = RecurringPaused(date=TODAY, reason="Litigiu")
    given(on(RECURRING, scheduled())).when(pause).then(on(RECURRING, paused))
    given(on(RECURRING, scheduled(), paused)).when(pause).then()
    given(on(RECURRING, scheduled(), paused)).when(resume).then(
        on(RECURRING, RecurringResumed(date=TODAY, reason="Gata"))
    )
    given(on(RECURRING, scheduled())).when(resume).then()


def test_a_schedule_changes_for_what_is_to_come() -> None:
    change = ChangeRecurring(
        recurring_id=RECURRING,
        changes={"send": True, "name": "Abonament"},
        header=HeaderChanges(notes="Preț nou"),
        rhythm={"every": 2},
    )
    plan = replace(
        PLAN,
        send=True,
        name="Abonament",
        header=header(customer=BUYER, notes="Preț nou"),
        rhythm=replace(MONTHLY, every=2),
    )
    given(on(RECURRING, scheduled())).when(change).then(on(RECURRING, RecurringChanged(plan=plan)))
    given(on(RECURRING, scheduled(plan))).when(change).then()
    too_early = ChangeRecurring(recurring_id=RECURRING, rhythm={"starts_on": date(2020, 1, 1)})
    given(on(RECURRING, scheduled())).when(too_early).then(refused("recurring_start_invalid"))


def test_where_a_schedule_stands_is_read_off_its_facts() -> None:
    assert lived().status == "active"
    assert lived(RecurringPaused(date=TODAY, reason="")).status == "paused"
    ended = lived(generated(TODAY), count=1)
    assert (ended.status, ended.next_on, ended.generated) == ("ended", None, 1)


def test_an_old_schedule_is_billed_for_the_customer_as_it_is_now() -> None:
    moved = on(CUSTOMER, CustomerRegistered(reference=1, profile=CustomerProfile(name="Turda Mobila SA")))
    buyer = Buyer(customer_id=CUSTOMER, name="Turda Mobila SA")
    given(COMPANY, moved, on(RECURRING, scheduled())).when(billing(TODAY), asked()).then(
        on(RECURRING, generated(TODAY)), on(INVOICE, begun_for(TODAY, buyer), *added(line()))
    )


def test_ids_of_schedules_follow_from_their_references() -> None:
    assert stream_id("recurring_invoice", ORGANIZATION, 1) == RECURRING
