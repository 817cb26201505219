"""A company is told by mail when one of its endpoints is sent nothing any more: once each time, in its language."""

import logging
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final

import pytest

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import ChangeOrganization, SettingsChanges
from invoicing_domain.model.webhook_endpoint.commands import (
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    RemoveWebhookEndpoint,
)
from invoicing_domain.model.webhook_endpoint.events import DisableReason
from tests.integration.webhooks.conftest import World
from tests.support.reminders import Mailroom, free_port, mail_server
from workers.mail.handover import AGAIN_AFTER
from workers.mail.transport import Handed, MailInDoubt, SmtpTransport

SINCE: Final = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)


def run(world: World, command: object) -> None:
    world.webhooks.service.execute(command, world.company.context())


def lost(world: World, reason: DisableReason = "failing", detail: str = "answered 503") -> StreamId:
    """An endpoint that was disabled."""
    endpoint = world.webhooks.register(world.company, "https://erp.client.example/hooks")
    disable(world, endpoint, reason, detail)
    return endpoint


def disable(world: World, endpoint: StreamId, reason: DisableReason, detail: str = "answered 503") -> None:
    since = SINCE if reason == "failing" else None
    run(world, DisableWebhookEndpoint(endpoint_id=endpoint, reason=reason, detail=detail, since=since))


def settings(world: World, **changes: object) -> None:
    given: SettingsChanges = changes  # type: ignore[assignment]  # the names are those of settings
    run(world, ChangeOrganization(organization_id=world.company.id, changes=given))


def told(world: World) -> list[EmailMessage]:
    """What arrives at a real mail server, asked three times over."""
    room, port = Mailroom(), free_port()
    with mail_server(room, port):
        for _ in range(3):
            world.webhooks.tell(SmtpTransport(f"smtp://127.0.0.1:{port}"))
    return room.delivered


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_it_says_which_endpoint_since_when_what_was_answered_and_how_to_go_on(world: World) -> None:
    endpoint = lost(world)
    (mail,) = told(world)
    position = world.webhooks.ledger.history(endpoint)[-1].position
    assert mail["To"].addresses[0].addr_spec == "birou@atelier.example"
    assert mail["Subject"] == "Webhook-urile către destinația 1 au fost oprite"
    for line in (
        "Destinatarul webhook-urilor Atelierul Ștefan SRL nu a mai acceptat nimic din 19 noiembrie 2026, 08:30",
        "Adresa: https://erp.client.example/hooks",
        "Oprită: 24 noiembrie 2026, 10:00",
        "Ultimul răspuns: 503",
        "POST https://facturi.example/api/v1/webhook-endpoints/1/enable",
        f"GET https://facturi.example/api/v1/events?after={position}",
    ):
        assert line in words(mail)


def test_it_speaks_the_language_of_the_company(world: World) -> None:
    settings(world, language="en")
    lost(world, "gone", "answered 410")
    (mail,) = told(world)
    assert mail["Subject"] == "Webhooks to endpoint 1 are disabled"
    assert "answered that it is gone (410)" in words(mail)
    assert "Failing since" not in words(mail)


def test_each_time_it_is_disabled_there_is_one_mail(world: World) -> None:
    endpoint = lost(world)
    first = told(world)
    run(world, EnableWebhookEndpoint(endpoint_id=endpoint))
    disable(world, endpoint, "gone")
    again = told(world)
    assert (len(first), len(again)) == (1, 1)
    assert first[0]["Message-ID"] != again[0]["Message-ID"]


def test_who_disabled_it_needs_no_mail(world: World) -> None:
    lost(world, "asked")
    assert told(world) == []


@pytest.mark.parametrize("meanwhile", [EnableWebhookEndpoint, RemoveWebhookEndpoint])
def test_what_somebody_saw_to_meanwhile_is_not_told(
    world: World, meanwhile: type[EnableWebhookEndpoint | RemoveWebhookEndpoint]
) -> None:
    endpoint = lost(world)
    world.webhooks.follow()
    run(world, meanwhile(endpoint_id=endpoint))
    assert told(world) == []


def test_without_an_address_the_log_says_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    settings(world, email=None)
    lost(world)
    with caplog.at_level(logging.WARNING):
        assert told(world) == []
    assert "webhook endpoint 1 is disabled, and its company has no e-mail address" in caplog.text


class Lost:
    """A mail server whose answers are lost; it keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> Handed:
        self.taken.append(message)
        raise MailInDoubt("the connection was lost after the content was sent")


def test_a_doubt_is_ended_by_the_same_mail_again(world: World) -> None:
    lost(world)
    server = Lost()
    world.webhooks.tell(server)
    world.clock.forward(seconds=AGAIN_AFTER.total_seconds())
    arrived = told(world)
    assert [mail["Message-ID"] for mail in arrived] == [server.taken[0]["Message-ID"]]
