"""Between webhook endpoints over HTTP and the domain: URLs and filters judged, states and deliveries as shapes."""

from collections.abc import Iterable
from typing import Literal, cast

import msgspec

from api.entrance.problems import invalid
from api.shapes.webhook_shapes import (
    DeliveryAttemptView,
    DeliveryView,
    WebhookEndpointBody,
    WebhookEndpointPatch,
    WebhookEndpointView,
)
from api.translation.patches import given_fields
from invoicing_domain.model.webhook_endpoint.commands import SubscriptionChanges
from invoicing_domain.model.webhook_endpoint.events import Subscription
from invoicing_domain.model.webhook_endpoint.filters import is_matched, is_told
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from invoicing_domain.outside import Outside, Unfit
from invoicing_domain.recording.catalogue import CATALOGUE
from projections.jobs.deliveries import Delivery


def subscription_of(body: WebhookEndpointBody, outside: Outside) -> Subscription:
    """Raises a problem that names the field."""
    _check(body, outside)
    return Subscription(url=body.url, description=body.description, events=body.events)


def changes_of(body: WebhookEndpointPatch, outside: Outside) -> SubscriptionChanges:
    _check(body, outside)
    return cast("SubscriptionChanges", given_fields(body))


def endpoint(
    endpoint_id: str, of: WebhookEndpoint, version: int, position: int, *, secret: str | None = None
) -> WebhookEndpointView:
    subscription, disabled = of.subscription, of.disabled
    status: Literal["enabled", "disabled"] = "enabled" if disabled is None else "disabled"
    return WebhookEndpointView(
        id=endpoint_id,
        reference=of.reference,
        url=subscription.url,
        description=subscription.description,
        events=subscription.events,
        status=status,
        disabled_reason=disabled.reason if disabled else None,
        disabled_detail=(disabled.detail or None) if disabled else None,
        secret=secret,
        previous_secret_until=of.previous.until if of.previous else None,
        version=version,
        position=position,
    )


def delivery(of: Delivery) -> DeliveryView:
    return DeliveryView(
        id=of.id,
        event_id=of.event_id,
        type=of.type,
        position=of.position,
        status=of.status,
        created_at=of.created_at,
        next_attempt_at=of.next_attempt_at,
        attempts=tuple(DeliveryAttemptView(**msgspec.structs.asdict(one)) for one in of.attempts),
    )


def _check(body: WebhookEndpointBody | WebhookEndpointPatch, outside: Outside) -> None:
    if body.url is not msgspec.UNSET:
        try:
            outside.addresses(outside.target(body.url))
        except Unfit as error:
            raise invalid("/url", f"the URL {error}") from None
    if body.events is not msgspec.UNSET:
        _check_events(body.events)


def _check_events(patterns: Iterable[str]) -> None:
    told = [name.name for name in CATALOGUE.values() if is_told(name.name)]
    for index, pattern in enumerate(patterns):
        if not any(is_matched((pattern,), name) for name in told):
            raise invalid(f"/events/{index}", f"{pattern!r} is no type of fact and no family of them")
