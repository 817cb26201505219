"""Reminders that somebody asked for: sent beside the steps, once, or dropped with the reason."""

from dataclasses import replace

import pytest

from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.model.invoice.events import ReminderDropped
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.service import InvoicingService
from projections.errand_list.query import open_errands
from projections.runner import Runner
from tests.integration.workers.conftest import World
from workers.reminding.candidates import ListedCandidates


def dropped(world: World, invoice: str) -> list[str]:
    return [one.fact.reason for one in world.ledger.history(invoice) if isinstance(one.fact, ReminderDropped)]


def overdue(world: World, days: int = 2) -> str:
    invoice = world.company.invoice()
    world.clock.forward(days=days)
    return invoice


def test_what_is_asked_for_goes_out_at_once_and_the_steps_go_on(world: World) -> None:
    invoice = overdue(world)
    world.company.ask_to_remind(invoice)
    assert world.worker().run_once() == 1
    assert world.worker().run_once() == 0
    world.live(world.worker(), days=42)
    sent = [(one.step, one.request) for one in world.company.state(invoice).reminders]
    assert sent == [(0, 1), (7, None), (14, None), (30, None)]
    assert len({mail["Message-ID"] for mail in world.room.delivered}) == 4


def test_each_request_is_a_mail_of_its_own_also_on_one_day(world: World) -> None:
    invoice = overdue(world)
    for _ in range(2):
        world.company.ask_to_remind(invoice)
        world.worker().run_once()
    assert [one.request for one in world.company.state(invoice).reminders] == [1, 2]
    assert len(world.room.delivered) == 2


def test_what_is_asked_for_is_sent_by_a_house_without_steps(world: World) -> None:
    service, state = InvoicingService(world.ledger), world.ledger.load(ORGANIZATION, world.company.id).state
    assert state is not None
    quiet = ChangeOrganization(organization_id=world.company.id, changes={"reminder_steps": ()})
    service.execute(quiet, replace(world.company.context(), command_id="quiet"))
    invoice = overdue(world)
    world.company.ask_to_remind(invoice)
    assert world.worker().run_once() == 1
    assert world.company.steps(invoice) == [0]


@pytest.mark.parametrize(("settle", "reason"), [("pay", "paid"), ("credit", "credited"), ("hold", "held")])
def test_what_lost_its_sense_before_it_was_sent_is_dropped_with_the_reason(
    world: World, settle: str, reason: str
) -> None:
    invoice = overdue(world)
    world.company.ask_to_remind(invoice)
    getattr(world.company, settle)(invoice)
    assert world.worker().run_once() == 0
    assert world.room.delivered == []
    assert dropped(world, invoice) == [reason]
    assert world.company.state(invoice).open_request is None


def test_a_refused_mail_is_told_to_who_asked_for_it_and_may_be_asked_for_again(world: World) -> None:
    invoice = overdue(world)
    world.room.verdict = "550 5.1.1 no such mailbox"
    world.company.ask_to_remind(invoice)
    for _ in range(3):
        world.worker().run_once()
    assert dropped(world, invoice) == ["mail_refused"]
    world.room.verdict = "250 ok"
    world.company.ask_to_remind(invoice)
    assert world.worker().run_once() == 1
    assert [one.request for one in world.company.state(invoice).reminders] == [2]


def test_a_mail_that_waits_for_the_server_stays_asked_for(quiet_world: World) -> None:
    world = quiet_world
    invoice = overdue(world)
    world.company.ask_to_remind(invoice)
    world.worker().run_once()
    assert world.company.state(invoice).open_request == 1
    world.company.pay(invoice)
    world.clock.forward(hours=1)
    world.worker().run_once()
    assert dropped(world, invoice) == ["paid"]
    assert world.job(f"reminder:{invoice}:request:1").status == "withdrawn"


def test_the_list_of_errands_says_where_to_look(world: World) -> None:
    invoice, other = overdue(world, 8), world.company.invoice()
    world.company.ask_to_remind(invoice)
    runner = Runner(world.database)
    runner.catch_up()
    candidates = ListedCandidates(world.pool)
    assert [one.invoice_id for one in candidates.requested(world.company.id)] == [invoice]
    assert other not in {one.invoice_id for one in candidates.requested(world.company.id)}
    assert world.worker(candidates=candidates).run_once() == 1
    runner.catch_up()
    with world.pool.connection() as connection:
        assert open_errands(connection, "reminder", world.company.id) == []
