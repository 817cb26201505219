"""Bodies, queries and answers about webhook endpoints and what was delivered to them."""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from api.shapes.queries import PageQuery
from api.shapes.view_parts import View
from invoicing_domain.model.job.commands import JobStatus
from invoicing_domain.model.webhook_endpoint.events import DisableReason
from invoicing_domain.outside import LONGEST_URL
from invoicing_domain.requests.bodies import Body
from invoicing_domain.requests.texts import Line, Short

MOST_PATTERNS: Final = 50

Url = Annotated[str, Meta(min_length=1, max_length=LONGEST_URL, description="https://, to a public address")]
Events = Annotated[
    tuple[Short, ...],
    Meta(max_length=MOST_PATTERNS, description="types (`invoice.sent`) or families (`invoice.*`); empty: all"),
]


class WebhookEndpointBody(Body, frozen=True, kw_only=True):
    url: Url
    description: Line = ""
    events: Events = ()


class WebhookEndpointPatch(Body, frozen=True, kw_only=True):
    url: Url | UnsetType = UNSET
    description: Line | UnsetType = UNSET
    events: Events | UnsetType = UNSET


class WebhookEndpointView(View, frozen=True, kw_only=True):
    """`secret` is shown when it is made, and never again; `previous_secret_until`: so long the one before signs too."""

    id: str
    reference: int
    url: str
    description: str
    events: tuple[str, ...]
    status: Literal["enabled", "disabled"]
    disabled_reason: DisableReason | None
    disabled_detail: str | None
    secret: str | None
    previous_secret_until: datetime | None
    version: int
    position: int


class WebhookEndpointsView(View, frozen=True, kw_only=True):
    data: tuple[WebhookEndpointView, ...]
    has_more: bool
    next: str | None


class DeliveryQuery(PageQuery, frozen=True, kw_only=True):
    """The newest come first."""


class DeliveryAttemptView(View, frozen=True, kw_only=True):
    """`response_status` null: nothing was answered, as `reason` says; `response_body`: its first 1024 bytes."""

    attempt: int
    started_at: datetime
    ended_at: datetime | None
    status: str | None
    reason: str | None
    response_status: int | None
    response_body: str | None


class DeliveryView(View, frozen=True, kw_only=True):
    """`event_id` is the `webhook-id`, the same for every attempt and repeat; `position` null: a test."""

    id: int
    event_id: str
    type: str
    position: int | None
    status: JobStatus
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: tuple[DeliveryAttemptView, ...]


class DeliveriesView(View, frozen=True, kw_only=True):
    data: tuple[DeliveryView, ...]
    has_more: bool
    next: str | None
