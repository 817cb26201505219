"""What happened to a webhook endpoint: an address of the company's own systems that facts are sent to, signed.

Secrets are in no fact: each follows from the installation's secret key, the endpoint and a salt, which a fact names.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DisableReason = Literal["asked", "gone", "failing"]
"""Somebody wanted it; the receiver answered 410 (Gone); nothing was accepted for days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where facts are sent, and which: by wire name (`invoice.sent`) or family (`invoice.*`); none named: all."""

    url: str
    description: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: its id for receivers, its type, and where the fact stands that it tells of (None: a test)."""

    event_id: str
    type: str
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointRegistered:
    reference: int
    subscription: Subscription
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointChanged:
    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRotated:
    """From now on another secret signs; the one before signs too until `previous_until`."""

    salt: str
    previous_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled:
    """Nothing is sent any more, and what happens meanwhile is not sent later."""

    reason: DisableReason
    detail: str = ""
    since: datetime | None = None
    """Since when nothing was accepted, where that is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointEnabled:
    """Facts from now on are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointRemoved:
    """The end of it: its deliveries stay to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTestRequested:
    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayRequested:
    """The same is to be sent once more, under the id that it had."""

    request: int
    message: Message


WebhookEndpointFact = (
    WebhookEndpointRegistered
    | WebhookEndpointChanged
    | WebhookSecretRotated
    | WebhookEndpointDisabled
    | WebhookEndpointEnabled
    | WebhookEndpointRemoved
    | WebhookTestRequested
    | WebhookReplayRequested
)
