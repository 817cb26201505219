"""Endpoints of webhooks: registered, changed, rotated, disabled, removed; which facts they are sent."""

from datetime import timedelta

import pytest

from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.webhook_endpoint import commands, events
from invoicing_domain.model.webhook_endpoint.filters import is_matched, is_told
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint, evolve
from tests.support.facts import NOW, ORGANIZATION
from tests.support.sentences import given, on, refused

ENDPOINT = stream_id("webhook_endpoint", ORGANIZATION, 1)
TO = events.Subscription(url="https://erp.example/hooks")
REGISTER = commands.RegisterWebhookEndpoint(endpoint_id=ENDPOINT, reference=1, subscription=TO, salt="aa")
REGISTERED = events.WebhookEndpointRegistered(reference=1, subscription=TO, salt="aa")
GONE = events.WebhookEndpointDisabled(reason="gone", detail="answered 410")
ENABLE = commands.EnableWebhookEndpoint(endpoint_id=ENDPOINT)
DISABLE = commands.DisableWebhookEndpoint(endpoint_id=ENDPOINT, reason="gone", detail="answered 410")
ROTATE = commands.RotateWebhookSecret(endpoint_id=ENDPOINT, salt="bb")
MESSAGE = events.Message(event_id="e", type="invoice.sent", position=7)
REPLAY = commands.RequestWebhookReplay(endpoint_id=ENDPOINT, message=MESSAGE)
TEST = commands.RequestWebhookTest(endpoint_id=ENDPOINT)
REMOVE = commands.RemoveWebhookEndpoint(endpoint_id=ENDPOINT)
ALL = (ENABLE, DISABLE, ROTATE, REPLAY, TEST, REMOVE, commands.ChangeWebhookEndpoint(endpoint_id=ENDPOINT))


def state(*facts: events.WebhookEndpointFact) -> WebhookEndpoint:
    folded = None
    for fact in (REGISTERED, *facts):
        folded = evolve(folded, fact)
    assert folded is not None
    return folded


def test_an_endpoint_is_registered_once() -> None:
    given().when(REGISTER).then(on(ENDPOINT, REGISTERED))
    given(on(ENDPOINT, REGISTERED)).when(REGISTER).then(refused("webhook_endpoint_exists", reference=1))


def test_a_change_that_changes_nothing_is_no_fact() -> None:
    change = commands.ChangeWebhookEndpoint(endpoint_id=ENDPOINT, changes={"events": ("payment.*",)})
    changed = events.WebhookEndpointChanged(
        subscription=events.Subscription(url="https://erp.example/hooks", events=("payment.*",))
    )
    given(on(ENDPOINT, REGISTERED)).when(change).then(on(ENDPOINT, changed))
    given(on(ENDPOINT, REGISTERED, changed)).when(change).then()


def test_the_old_secret_signs_for_a_day() -> None:
    until = NOW + timedelta(hours=24)
    rotated = events.WebhookSecretRotated(salt="bb", previous_until=until)
    given(on(ENDPOINT, REGISTERED)).when(ROTATE).then(on(ENDPOINT, rotated))
    assert state().salts_at(NOW) == ("aa",)
    assert state(rotated).salts_at(until - timedelta(seconds=1)) == ("bb", "aa")
    assert state(rotated).salts_at(until) == ("bb",)


def test_disabling_and_enabling_twice_is_once() -> None:
    given(on(ENDPOINT, REGISTERED)).when(DISABLE).then(on(ENDPOINT, GONE))
    given(on(ENDPOINT, REGISTERED, GONE)).when(DISABLE).then()
    given(on(ENDPOINT, REGISTERED)).when(ENABLE).then()
    given(on(ENDPOINT, REGISTERED, GONE)).when(ENABLE).then(on(ENDPOINT, events.WebhookEndpointEnabled()))


def test_tests_and_repeats_are_numbered_together() -> None:
    asked = events.WebhookTestRequested(request=1)
    given(on(ENDPOINT, REGISTERED)).when(TEST).then(on(ENDPOINT, asked))
    given(on(ENDPOINT, REGISTERED, asked)).when(REPLAY).then(
        on(ENDPOINT, events.WebhookReplayRequested(request=2, message=MESSAGE))
    )


def test_a_disabled_endpoint_can_be_tested_but_gets_no_repeat() -> None:
    given(on(ENDPOINT, REGISTERED, GONE)).when(TEST).then(on(ENDPOINT, events.WebhookTestRequested(request=1)))
    given(on(ENDPOINT, REGISTERED, GONE)).when(REPLAY).then(refused("webhook_endpoint_disabled"))


@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_what_was_removed_or_never_was_is_not_found(command: object) -> None:
    given().when(command).then(refused("not_found"))
    given(on(ENDPOINT, REGISTERED, events.WebhookEndpointRemoved())).when(command).then(refused("not_found"))


def test_status_follows_from_the_facts() -> None:
    assert state().status == "enabled"
    assert state(GONE).status == "disabled"
    assert state(GONE, events.WebhookEndpointEnabled()).status == "enabled"
    assert state(GONE, events.WebhookEndpointRemoved()).status == "removed"


@pytest.mark.parametrize(
    ("patterns", "matched"),
    [
        ((), True),
        (("invoice.sent",), True),
        (("invoice.*",), True),
        (("payment.*", "invoice.sent"), True),
        (("invoice",), False),
        (("invoice.sen",), False),
        (("invoice.paid", "credit_note.*"), False),
        (("*",), False),
        (("inv*",), False),
    ],
)
def test_a_filter_names_facts_or_families(patterns: tuple[str, ...], matched: bool) -> None:
    assert is_matched(patterns, "invoice.sent") is matched


def test_facts_about_endpoints_are_told_to_none() -> None:
    assert is_told("invoice.sent")
    assert not is_told("webhook_endpoint.test_requested")
