"""From facts to deliveries: which endpoint is to be sent what."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any, Final, get_args

from psycopg import Connection

from invoicing_domain.model.webhook_endpoint.events import (
    Message,
    WebhookEndpointDisabled,
    WebhookEndpointFact,
    WebhookReplayRequested,
    WebhookTestRequested,
)
from invoicing_domain.model.webhook_endpoint.filters import is_matched, is_told
from invoicing_domain.recording.catalogue import CATALOGUE
from invoicing_domain.recording.envelope import Recorded
from workers.jobs.job import Wish
from workers.naming import fact_id
from workers.policies.webhooks import ATTEMPTS
from workers.webhooks.listeners import Listener, active, learn
from workers.webhooks.notice import notice_of

QUEUE: Final = "webhooks"
TEST: Final = "webhook.test"

_OURS: Final = get_args(WebhookEndpointFact)


def deliveries(connection: Connection[Any], facts: Iterable[Recorded]) -> Iterator[Wish]:
    """What facts wish to be sent, in the transaction that takes them: to those who listened when each was recorded."""
    listeners = active(connection)
    for recorded in facts:
        if isinstance(recorded.fact, _OURS):
            learn(connection, recorded)
            listeners = active(connection)
            wishes = _follows(recorded)
        else:
            wishes = _told(recorded, listeners)
        for wish in wishes:
            yield replace(wish, traceparent=recorded.meta.traceparent)


def _follows(recorded: Recorded) -> Iterator[Wish]:
    """What a fact about an endpoint wishes to be sent to it, or to the company that lost it."""
    organization_id, endpoint_id = recorded.meta.organization_id, recorded.originator_id
    match recorded.fact:
        case WebhookTestRequested(request=request):
            message = Message(event_id=f"{endpoint_id}_{request}", type=TEST)
            yield _wish(organization_id, endpoint_id, f"test:{request}", message)
        case WebhookEndpointDisabled(reason="gone" | "failing"):
            yield notice_of(recorded)
        case WebhookReplayRequested(request=request, message=message):
            yield _wish(organization_id, endpoint_id, f"{message.event_id}:replay:{request}", message)


def _told(recorded: Recorded, listeners: Iterable[Listener]) -> Iterator[Wish]:
    """One delivery to each endpoint of the organization whose filter lets the fact through."""
    name = CATALOGUE[type(recorded.fact)].name
    if not listeners or not is_told(name):
        return
    event_id = fact_id(recorded.originator_id, recorded.originator_version)
    message = Message(event_id=event_id, type=name, position=recorded.position)
    for one in listeners:
        is_news = recorded.position > one.position  # a feed that begins again tells what is long done with, too
        if is_news and one.organization_id == recorded.meta.organization_id and is_matched(one.events, name):
            yield _wish(one.organization_id, one.endpoint_id, event_id, message)


def _wish(organization_id: str, endpoint_id: str, name: str, message: Message) -> Wish:
    effect_key = f"webhook:{endpoint_id}:{name}"
    return Wish(
        effect_key=effect_key,
        organization_id=organization_id,
        queue=QUEUE,
        lock_key=effect_key,
        destination=f"webhook:{endpoint_id}",
        payload={"endpoint_id": endpoint_id, **asdict(message)},
        max_attempts=ATTEMPTS,
    )
