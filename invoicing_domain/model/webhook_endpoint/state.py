"""A webhook endpoint as its facts tell it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from invoicing_domain.model.webhook_endpoint.events import (
    Subscription,
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

WebhookStatus = Literal["enabled", "disabled", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredSecret:
    salt: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    reference: int
    subscription: Subscription
    salt: str
    previous: RetiredSecret | None = None
    disabled: WebhookEndpointDisabled | None = None
    removed: bool = False
    requests: int = 0
    """How many tests and repeats were asked for."""

    @property
    def status(self) -> WebhookStatus:
        if self.removed:
            return "removed"
        return "enabled" if self.disabled is None else "disabled"

    def salts_at(self, now: datetime) -> tuple[str, ...]:
        """What secrets follow from that sign at a moment, the present one first."""
        if self.previous is None or now >= self.previous.until:
            return (self.salt,)
        return (self.salt, self.previous.salt)


def evolve(state: WebhookEndpoint | None, fact: WebhookEndpointFact) -> WebhookEndpoint:
    if isinstance(fact, WebhookEndpointRegistered):
        return WebhookEndpoint(reference=fact.reference, subscription=fact.subscription, salt=fact.salt)
    if state is None:
        raise TypeError("a webhook endpoint begins with WebhookEndpointRegistered")
    match fact:
        case WebhookEndpointChanged():
            return replace(state, subscription=fact.subscription)
        case WebhookSecretRotated():
            retired = RetiredSecret(salt=state.salt, until=fact.previous_until)
            return replace(state, salt=fact.salt, previous=retired)
        case WebhookEndpointDisabled():
            return replace(state, disabled=fact)
        case WebhookEndpointEnabled():
            return replace(state, disabled=None)
        case WebhookEndpointRemoved():
            return replace(state, removed=True)
        case WebhookTestRequested() | WebhookReplayRequested():
            return replace(state, requests=fact.request)
