"""Registering, changing and ending webhook endpoints, and asking for a test or a repeat.

Whether a URL may be called is judged at the doors and again by whoever calls: it takes a look at names and addresses.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from invoicing_domain.model.context import Context
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.webhook_endpoint.commands import (
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    RegisterWebhookEndpoint,
    RequestWebhookReplay,
    RotateWebhookSecret,
)
from invoicing_domain.model.webhook_endpoint.events import (
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointFact,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
    WebhookReplayRequested,
    WebhookSecretRotated,
    WebhookTestRequested,
)
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint

OLD_SECRET_SIGNS_FOR: Final = timedelta(hours=24)

Facts = tuple[WebhookEndpointFact, ...]


def register(state: WebhookEndpoint | None, command: RegisterWebhookEndpoint) -> Facts:
    if state is not None:
        raise Refusal("webhook_endpoint_exists", "this endpoint exists already", reference=command.reference)
    return (
        WebhookEndpointRegistered(reference=command.reference, subscription=command.subscription, salt=command.salt),
    )


def change(state: WebhookEndpoint | None, command: ChangeWebhookEndpoint) -> Facts:
    before = existing(state).subscription
    after = replace(before, **command.changes)
    return () if after == before else (WebhookEndpointChanged(subscription=after),)


def rotate(state: WebhookEndpoint | None, command: RotateWebhookSecret, context: Context) -> Facts:
    existing(state)
    return (WebhookSecretRotated(salt=command.salt, previous_until=context.at + OLD_SECRET_SIGNS_FOR),)


def disable(state: WebhookEndpoint | None, command: DisableWebhookEndpoint) -> Facts:
    if existing(state).disabled is not None:
        return ()
    return (WebhookEndpointDisabled(reason=command.reason, detail=command.detail, since=command.since),)


def enable(state: WebhookEndpoint | None) -> Facts:
    return () if existing(state).disabled is None else (WebhookEndpointEnabled(),)


def remove(state: WebhookEndpoint | None) -> Facts:
    existing(state)
    return (WebhookEndpointRemoved(),)


def request_test(state: WebhookEndpoint | None) -> Facts:
    """Also of a disabled one: that is how one finds out whether to enable it."""
    return (WebhookTestRequested(request=existing(state).requests + 1),)


def request_replay(state: WebhookEndpoint | None, command: RequestWebhookReplay) -> Facts:
    found = existing(state)
    if found.disabled is not None:
        raise Refusal("webhook_endpoint_disabled", "the endpoint is disabled: enable it first")
    return (WebhookReplayRequested(request=found.requests + 1, message=command.message),)


def existing(state: WebhookEndpoint | None) -> WebhookEndpoint:
    if state is None or state.removed:
        raise Refusal("not_found", "there is no such webhook endpoint")
    return state
