"""Recurring invoices by the clock: each period once, whatever the clock, the workers and the read models do."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from invoicing_domain.categories import INVOICE, RECURRING
from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import StreamId, series_id, stream_id
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import Series
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.recurring.commands import PauseRecurring, ResumeRecurring, ScheduleRecurring
from invoicing_domain.model.recurring.events import InvoiceGenerated, PeriodsPassedOver, Plan, Rhythm
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Vat
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recurrence import Billed, Billing, generation_key
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.integration.workers.conftest import World
from workers.lookout import Lookout
from workers.recurring import ListedSchedules, RecurringWorker, Schedules


@dataclass
class GivenSchedules:
    """The schedules that a test names: always too many, so that only the ledger's judgement counts."""

    organization_id: str
    recurring_ids: Sequence[str]

    def organizations(self) -> Sequence[str]:
        return [self.organization_id]

    def due(self, organization_id: str, today: date) -> Sequence[str]:
        del organization_id, today
        return self.recurring_ids


class Office:
    """A company with schedules, and workers for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = world.company.id
        self.customer = stream_id("customer", self.id, 1)
        self._schedules = 0
        profile = CustomerProfile(name="Ion Țăranu", email="ion@client.example")
        self.run(RegisterCustomer(customer_id=self.customer, reference=1, profile=profile))

    def run(self, command: object) -> None:
        self.world.service.execute(command, self.world.company.context())

    def schedule(self, rhythm: Rhythm, **plan: Any) -> StreamId:
        self._schedules += 1
        recurring_id = stream_id("recurring_invoice", self.id, self._schedules)
        buyer = Buyer(customer_id=self.customer, name="Ion Țăranu")
        line = LineInput(description="Chirie", quantity=Decimal(1), unit_price=Decimal(100), vat=Vat("S", Decimal(21)))
        made = Plan(name="Chirie", header=Header(customer=buyer, currency="RON"), lines=(line,), rhythm=rhythm, **plan)
        self.run(ScheduleRecurring(recurring_id=recurring_id, reference=self._schedules, plan=made))
        return recurring_id

    def worker(
        self,
        *recurring_ids: str,
        ledger: Ledger | None = None,
        billing: Billing | None = None,
        schedules: Schedules | None = None,
    ) -> RecurringWorker:
        own = ledger or self.world.ledger
        return RecurringWorker(
            lookout=Lookout(own, self.world.clock),
            billing=billing or Billing(own, InvoicingService(own)),
            schedules=schedules or GivenSchedules(self.id, recurring_ids),
        )

    def periods(self, recurring_id: str) -> list[str]:
        return [fact.period.isoformat() for fact in self.generated(recurring_id)]

    def generated(self, recurring_id: str) -> list[InvoiceGenerated]:
        facts = [one.fact for one in self.world.ledger.history(recurring_id)]
        return [fact for fact in facts if isinstance(fact, InvoiceGenerated)]

    def passed_over(self, recurring_id: str) -> list[tuple[int, str]]:
        facts = [one.fact for one in self.world.ledger.history(recurring_id)]
        return [(fact.count, fact.reason) for fact in facts if isinstance(fact, PeriodsPassedOver)]

    def at(self, text: str) -> None:
        self.world.clock.instant = datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def office(quiet_world: World) -> Office:
    return Office(quiet_world)


MONTHLY = Rhythm(every=1, unit="month", starts_on=date(2026, 11, 30), end_of_month=True)


def test_a_year_of_days_gives_one_invoice_a_month(office: Office) -> None:
    schedule = office.schedule(replace(MONTHLY, starts_on=date(2027, 1, 31), end_of_month=False, count=12), send=True)
    worker = office.worker(schedule)
    for _ in range(480):
        office.world.clock.forward(days=1)
        worker.run_once()
    assert office.periods(schedule) == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"),
        *("2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31"),
    ]
    sent = [office.world.company.state(one.invoice_id).sent for one in office.generated(schedule)]
    assert [one.number for one in sent if one] == [f"IZV{number:06d}" for number in range(1, 13)]
    assert [one.issue_date.isoformat() for one in sent if one] == office.periods(schedule)


@pytest.mark.parametrize(
    ("policy", "billed", "passed"),
    [
        ("all", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"], []),
        ("latest", ["2027-02-28"], [(3, "catch_up")]),
        ("none", [], [(4, "catch_up")]),
    ],
)
def test_a_clock_that_jumps_is_caught_up_with_as_the_schedule_says(
    office: Office, policy: Any, billed: list[str], passed: list[tuple[int, str]]
) -> None:
    schedule = office.schedule(MONTHLY, catch_up=policy)
    office.at("2027-03-15T08:00:00")
    worker = office.worker(schedule)
    assert worker.run_once() == len(billed)
    assert worker.run_once() == 0
    assert (office.periods(schedule), office.passed_over(schedule)) == (billed, passed)


def test_run_again_and_again_in_a_day_and_after_a_clock_that_went_back_nothing_comes_twice(office: Office) -> None:
    schedule = office.schedule(replace(MONTHLY, unit="day", starts_on=date(2026, 11, 2), end_of_month=False))
    for _ in range(5):
        office.worker(schedule).run_once()
    office.at("2026-11-03T08:00:00")
    office.worker(schedule).run_once()
    office.at("2026-11-02T08:00:00")
    assert office.worker(schedule).run_once() == 0
    assert office.periods(schedule) == ["2026-11-02", "2026-11-03"]


def test_workers_at_once_share_the_periods_and_double_none(office: Office) -> None:
    daily = Rhythm(every=1, unit="day", starts_on=date(2026, 11, 3))
    schedules = [office.schedule(daily, catch_up="all", send=True) for _ in range(2)]
    office.at("2026-11-22T08:00:00")
    ledgers = [Ledger(office.world.database) for _ in range(4)]
    workers = [office.worker(*schedules, ledger=ledger) for ledger in ledgers]
    with ThreadPoolExecutor(4) as pool:
        billed = list(pool.map(lambda worker: worker.run_once(), workers))
    # Who met another at every step has left some for the next pass.
    billed += [worker.run_once() for worker in workers]
    for ledger in ledgers:
        ledger.close()
    expected = [f"2026-11-{day:02d}" for day in range(3, 23)]
    assert [office.periods(one) for one in schedules] == [expected, expected]
    assert sum(billed) == 40
    made = [office.world.company.state(one.invoice_id).sent for each in schedules for one in office.generated(each)]
    assert sorted(one.number for one in made if one) == [f"IZV{number:06d}" for number in range(1, 41)]


def test_a_day_begins_at_midnight_of_the_company_also_in_nights_when_the_clock_is_changed(office: Office) -> None:
    spring = office.schedule(Rhythm(every=1, unit="year", starts_on=date(2027, 3, 28), count=1))
    autumn = office.schedule(Rhythm(every=1, unit="year", starts_on=date(2027, 10, 31), count=1))
    worker = office.worker(spring, autumn)
    for before, after in (
        ("2027-03-27T21:59:59", "2027-03-27T22:00:00"),  # UTC+2 until 03:00 in the night
        ("2027-10-30T20:59:59", "2027-10-30T21:00:00"),  # UTC+3 until 04:00 in the night
    ):
        office.at(before)
        assert worker.run_once() == 0
        office.at(after)
        assert worker.run_once() == 1
        office.world.clock.forward(hours=24)
        assert worker.run_once() == 0


def test_what_cannot_be_sent_waits_as_a_draft_and_says_why(office: Office) -> None:
    series = series_id(office.id, "invoice", "CH")
    office.run(OpenSeries(series_id=series, series=Series(document="invoice", prefix="CH")))
    schedule = office.schedule(MONTHLY, send=True, series="CH")
    office.run(CloseSeries(series_id=series))
    office.at("2026-11-30T08:00:00")
    assert office.worker(schedule).run_once() == 1
    (made,) = office.generated(schedule)
    assert made.problem.startswith("series_closed: ")
    assert office.world.company.state(made.invoice_id).phase == "draft"
    assert office.worker(schedule).run_once() == 0


def test_a_pause_is_never_made_up_for(office: Office) -> None:
    schedule = office.schedule(MONTHLY, catch_up="all")
    worker = office.worker(schedule)
    office.at("2026-12-15T08:00:00")
    worker.run_once()
    office.run(PauseRecurring(recurring_id=schedule))
    office.at("2027-02-10T08:00:00")
    assert worker.run_once() == 0
    office.run(ResumeRecurring(recurring_id=schedule))
    worker.run_once()
    office.at("2027-02-28T08:00:00")
    worker.run_once()
    assert office.periods(schedule) == ["2026-11-30", "2027-02-28"]
    assert office.passed_over(schedule) == [(2, "paused")]


def test_an_invoice_names_its_cause_and_the_customer_as_it_is(office: Office) -> None:
    schedule = office.schedule(MONTHLY)
    office.at("2026-11-30T08:00:00")
    office.worker(schedule).run_once()
    (made,) = office.generated(schedule)
    drafted = office.world.ledger.history(made.invoice_id)[0]
    assert drafted.meta.causation_id == generation_key(schedule, date(2026, 11, 30))
    assert (drafted.meta.actor.kind, drafted.meta.source) == ("worker", "worker")
    state = office.world.ledger.load(INVOICE, made.invoice_id).state
    assert state is not None
    assert state.header.customer.email == "ion@client.example"


class Stubborn(Billing):
    """Refuses one schedule, as rules might one day that did not when it was made."""

    refused = ""

    def run(self, recurring_id: StreamId, context: Context, stop: Any = lambda: False) -> list[Billed]:
        if recurring_id == self.refused:
            raise Refusal("vat_rate_invalid", "not any more")
        return super().run(recurring_id, context, stop)


def test_a_schedule_that_cannot_be_billed_harms_no_other_and_complains_once_a_day(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = office.schedule(MONTHLY), office.schedule(MONTHLY)
    office.at("2026-11-30T08:00:00")
    billing = Stubborn(office.world.ledger, office.world.service)
    billing.refused = bad
    worker = office.worker(bad, good, billing=billing)
    assert (worker.run_once(), worker.run_once()) == (1, 0)
    assert [record.message for record in caplog.records if "cannot be billed" in record.message] == [
        f"recurring invoice {bad} cannot be billed: not any more"
    ]
    assert office.periods(good) == ["2026-11-30"]


def test_the_worker_finds_its_schedules_in_the_read_model(office: Office) -> None:
    soon, late = office.schedule(MONTHLY), office.schedule(replace(MONTHLY, starts_on=date(2026, 12, 31)))
    Runner(office.world.database).catch_up()
    listed = ListedSchedules(office.world.pool)
    assert listed.due(office.id, date(2026, 11, 29)) == []
    assert listed.due(office.id, date(2026, 11, 30)) == [soon]
    assert listed.due(office.id, date(2026, 12, 31)) == [soon, late]
    office.at("2026-11-30T08:00:00")
    assert office.worker(schedules=listed).run_once() == 1
    Runner(office.world.database).catch_up()
    assert listed.due(office.id, date(2026, 11, 30)) == []
    state = office.world.ledger.load(RECURRING, soon).state
    assert state is not None
    assert (state.generated, state.next_on) == (1, date(2026, 12, 31))
