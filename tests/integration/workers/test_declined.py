"""Who declined reminders gets none, and gets invoices as before."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import pytest

from invoicing_domain.letters.unsubscribing import PATH, read
from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import stream_id
from tests.integration.workers.conftest import World
from tests.integration.workers.test_mails import post


@pytest.fixture
def customer(world: World) -> str:
    customer_id = stream_id("customer", world.company.id, 1)
    profile = CustomerProfile(name="Ion Țăranu", email="ion@client.example")
    registering = RegisterCustomer(customer_id=customer_id, reference=1, profile=profile)
    world.service.execute(registering, world.company.context())
    return customer_id


def change(world: World, **changes: Any) -> None:
    told: Mapping[str, Any] = changes
    command = ChangeCustomer(customer_id=stream_id("customer", world.company.id, 1), changes={**told})  # type: ignore[typeddict-item]
    world.service.execute(command, world.company.context())


@pytest.mark.usefixtures("customer")
def test_who_declined_reminders_gets_none_until_they_are_wanted_again(world: World) -> None:
    invoice = world.company.invoice()
    change(world, declined_notices=("reminders",))
    world.live(world.worker(), days=10)
    assert world.room.delivered == []
    change(world, declined_notices=())
    world.live(world.worker(), days=5)
    assert world.company.steps(invoice) == [7, 14]


@pytest.mark.usefixtures("customer")
def test_an_invoice_reaches_who_declined_reminders(world: World) -> None:
    change(world, declined_notices=("reminders",))
    world.company.invoice(deliver="email")
    assert post(world).run() == 1


def test_a_reminder_can_be_declined_with_one_click_and_an_invoice_cannot(world: World, customer: str) -> None:
    world.company.invoice(deliver="email")
    post(world).run()
    world.clock.forward(days=7)
    world.worker(public_url="https://facturi.atelier.example").run_once()
    invoice, reminder = world.room.delivered
    assert invoice["List-Unsubscribe"] is None
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(reminder["List-Unsubscribe"]).strip("<>")
    assert address.startswith(f"https://facturi.atelier.example{PATH}")
    who = read(address.rpartition("/")[2], world.ledger.vault.signature)
    assert who is not None
    assert (who.organization_id, who.customer_id) == (world.company.id, customer)
    assert f"Nu mai doriți să primiți reamintiri de plată prin e-mail?\n{address}\n" in part(reminder, "plain")
    assert f'<a href="{address}"' in part(reminder, "html")
    assert PATH not in part(invoice, "plain") + part(invoice, "html")


@pytest.mark.usefixtures("customer")
def test_a_house_that_does_not_know_where_it_is_found_offers_no_link(world: World) -> None:
    world.company.invoice()
    world.live(world.worker(), days=8)
    (reminder,) = world.room.delivered
    assert reminder["List-Unsubscribe"] is None
    assert "Nu mai doriți" not in part(reminder, "plain") + part(reminder, "html")


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
