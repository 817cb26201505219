"""What one may ask of a webhook endpoint."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.webhook_endpoint.events import DisableReason, Message, Subscription


class SubscriptionChanges(TypedDict, total=False):
    """What to change on an endpoint; an absent key stays as it is."""

    url: str
    description: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterWebhookEndpoint:
    """`salt` is chance: nobody has had the secret that follows from it."""

    endpoint_id: StreamId
    reference: int
    subscription: Subscription
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWebhookEndpoint:
    endpoint_id: StreamId
    changes: SubscriptionChanges = field(default_factory=SubscriptionChanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateWebhookSecret:
    endpoint_id: StreamId
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableWebhookEndpoint:
    endpoint_id: StreamId
    reason: DisableReason
    detail: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableWebhookEndpoint:
    endpoint_id: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveWebhookEndpoint:
    endpoint_id: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWebhookTest:
    endpoint_id: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWebhookReplay:
    endpoint_id: StreamId
    message: Message
