"""Schedules under any clock, any policy, pauses and changes: every period is settled once, billed at most once."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.context import Context
from invoicing_domain.model.recurring.calendar import periods
from invoicing_domain.model.recurring.commands import (
    BillPeriod,
    ChangeRecurring,
    PauseRecurring,
    ResumeRecurring,
    RhythmChanges,
    ScheduleRecurring,
)
from invoicing_domain.model.recurring.decide import bill, change, pause, resume, schedule
from invoicing_domain.model.recurring.due import turn
from invoicing_domain.model.recurring.events import (
    CatchUp,
    InvoiceGenerated,
    PeriodsPassedOver,
    Plan,
    RecurringFact,
    Rhythm,
    Unit,
)
from invoicing_domain.model.recurring.state import RecurringInvoice, evolve
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import INVOICE, RECURRING, TODAY, asked, header, line_input
from tests.support.strategies import EXAMPLES

UNITS: st.SearchStrategy[Unit] = st.sampled_from(["day", "week", "month", "year"])
POLICIES: st.SearchStrategy[CatchUp] = st.sampled_from(["none", "latest", "all"])
STARTS = st.integers(-366, 40).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    unit = draw(UNITS)
    return Rhythm(
        every=draw(st.integers(1, 5)),
        unit=unit,
        starts_on=draw(STARTS),
        end_of_month=unit in {"month", "year"} and draw(st.booleans()),
        count=draw(st.one_of(st.none(), st.integers(1, 12))),
    )


class Life:
    """One schedule, decided and folded in memory, and what came of each period."""

    def __init__(self, plan: Plan) -> None:
        self.today = TODAY
        self.state: RecurringInvoice | None = None
        self.billed: list[date] = []
        self.passed_over = 0
        self.take(schedule(None, ScheduleRecurring(recurring_id=RECURRING, reference=1, plan=plan), self.context()))

    def context(self) -> Context:
        return asked(today=self.today)

    def take(self, facts: tuple[RecurringFact, ...]) -> None:
        for fact in facts:
            self.state = evolve(self.state, fact)
            if isinstance(fact, InvoiceGenerated):
                self.billed.append(fact.period)
            if isinstance(fact, PeriodsPassedOver):
                self.passed_over += fact.count

    def work(self) -> None:
        """What a pass of the worker does."""
        while self.state is not None and (now := turn(self.state, self.today)) is not None:
            before = self.state
            self.take(bill(self.state, self.billing(now.period), self.context()))
            assert self.state != before
        assert self.state is not None

    def billing(self, period: date | None) -> BillPeriod:
        return BillPeriod(recurring_id=RECURRING, invoice_id=INVOICE, reference=1, period=period)


STEPS = st.one_of(
    st.tuples(st.just("forward"), st.integers(0, 70)),
    st.tuples(st.just("back"), st.integers(1, 40)),
    st.tuples(st.sampled_from(["pause", "resume", "work"]), st.just(0)),
)


def lived(life: Life, steps: list[tuple[str, int]], changes: tuple[Rhythm, ...] = ()) -> Life:
    wanted = list(changes)
    for step, days in steps:
        match step:
            case "forward":
                life.today += timedelta(days=days)
            case "back":
                life.today -= timedelta(days=days)
            case "pause":
                life.take(pause(life.state, PauseRecurring(recurring_id=RECURRING), life.context()))
                if wanted:
                    alter(life, wanted.pop())
            case "resume":
                life.take(resume(life.state, ResumeRecurring(recurring_id=RECURRING), life.context()))
            case _:
                life.work()
    return life


def alter(life: Life, rhythm: Rhythm) -> None:
    wanted = RhythmChanges(
        every=rhythm.every,
        unit=rhythm.unit,
        starts_on=rhythm.starts_on,
        end_of_month=rhythm.end_of_month,
        count=rhythm.count,
    )
    try:
        life.take(change(life.state, ChangeRecurring(recurring_id=RECURRING, rhythm=wanted), life.context()))
    except Refusal as refusal:
        if refusal.code != "recurring_start_invalid":
            raise


def plan_of(rhythm: Rhythm, policy: CatchUp) -> Plan:
    plan = Plan(name="x", header=header(), lines=(line_input(),), rhythm=rhythm)
    return replace(plan, catch_up=policy)


@given(rhythms(), POLICIES, st.lists(STEPS, max_size=12))
@EXAMPLES
def test_every_period_up_to_the_last_settled_one_is_billed_or_passed_over_once(
    rhythm: Rhythm, policy: CatchUp, steps: list[tuple[str, int]]
) -> None:
    life = lived(Life(plan_of(rhythm, policy)), steps)
    assert life.state is not None
    settled = life.state.settled_through
    expected = [] if settled is None else [day for day in some(rhythm) if day <= settled]
    assert len(life.billed) + life.passed_over == len(expected)
    assert set(life.billed) <= set(expected)
    assert life.billed == sorted(set(life.billed))


@given(
    rhythms(),
    st.lists(rhythms(), max_size=4),
    POLICIES,
    st.lists(STEPS, max_size=16),
)
@EXAMPLES
def test_no_day_is_billed_twice_whatever_becomes_of_the_plan(
    rhythm: Rhythm, changes: list[Rhythm], policy: CatchUp, steps: list[tuple[str, int]]
) -> None:
    life = lived(Life(plan_of(rhythm, policy)), steps, tuple(changes))
    assert life.billed == sorted(set(life.billed))


@given(rhythms(), st.lists(st.integers(0, 70), min_size=1, max_size=10))
@EXAMPLES
def test_to_catch_up_with_all_is_to_bill_as_if_nothing_had_been_missed(rhythm: Rhythm, jumps: list[int]) -> None:
    seldom = Life(plan_of(rhythm, "all"))
    for days in jumps:
        seldom.today += timedelta(days=days)
        seldom.work()
    assert seldom.billed == [day for day in some(rhythm) if day <= seldom.today]
    assert seldom.passed_over == 0


def some(rhythm: Rhythm) -> list[date]:
    """The periods of the next few years."""
    found = []
    for day in periods(rhythm, None):
        if day > TODAY + timedelta(days=1200):
            break
        found.append(day)
    return found
