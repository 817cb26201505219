"""How the job of one delivery is carried out: the fact, its signature, the POST, and what the answer means."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain import tracing
from invoicing_domain.categories import WEBHOOK_ENDPOINT
from invoicing_domain.model.context import Actor
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.webhook_endpoint.commands import DisableWebhookEndpoint
from invoicing_domain.model.webhook_endpoint.events import DisableReason
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.codec import to_plain
from invoicing_domain.recording.webhook_secrets import WebhookSecrets
from invoicing_domain.service import InvoicingService
from workers.jobs.job import Answer, Call, Dead, Done, Job, Later, Unwanted
from workers.lookout import Lookout
from workers.policies.webhooks import is_given_up, pause_after, retry_after
from workers.reporting import Reporter
from workers.webhooks import listeners
from workers.webhooks.post import NotDelivered, Poster, Reply
from workers.webhooks.signing import signed_headers
from workers.webhooks.wishes import QUEUE, TEST

ACTOR: Final = Actor(kind="worker", id=QUEUE, name="Webhooks")
_GONE: Final = 410
_ACCEPTED: Final = range(200, 300)
_SERVER_ERRORS: Final = 500


class WebhookDelivery:
    """The handler of deliveries to webhook endpoints."""

    queue = QUEUE

    def __init__(
        self,
        *,
        ledger: Ledger,
        lookout: Lookout,
        service: InvoicingService,
        pool: ConnectionPool[Connection[Any]],
        poster: Poster,
        secrets: WebhookSecrets,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._ledger = ledger
        self._lookout = lookout
        self._reporter = Reporter(service, lookout, ACTOR)
        self._pool = pool
        self._poster = poster
        self._secrets = secrets
        self._chance = chance

    def prepare(self, job: Job) -> Answer | Call:
        endpoint_id = job.payload["endpoint_id"]
        endpoint = self._ledger.load(WEBHOOK_ENDPOINT, endpoint_id).state
        if endpoint is None or endpoint.removed:
            return Unwanted("the endpoint was removed")
        if endpoint.disabled is not None and job.payload["type"] != TEST:
            return Unwanted("the endpoint is disabled")
        now = self._lookout.now()
        body = self._body(job, now)
        secrets = [self._secrets.of(endpoint_id, salt) for salt in endpoint.salts_at(now)]
        signed = signed_headers(job.payload["event_id"], now, body, secrets)
        headers = {"Content-Type": "application/json", **signed, **tracing.headers()}
        return Call({}, lambda: self._deliver(job, endpoint, headers, body, now))

    def resolve(self, job: Job) -> Answer | None:
        """The receiver knows a repeat by its webhook-id."""
        return Later("sent again under the same webhook-id", self._pause(job), unreachable=False)

    def record(self, job: Job) -> int:
        """No fact: the log of deliveries is the book of jobs. A fact of each would have to be delivered too."""
        del job
        return 0

    def _body(self, job: Job, now: datetime) -> bytes:
        return orjson.dumps(self._event(job, now), default=to_plain)

    def _event(self, job: Job, now: datetime) -> dict[str, Any]:
        """Type and time as Standard Webhooks has them, the fact as it is on Kafka."""
        position = job.payload["position"]
        about = {"id": job.payload["event_id"], "type": job.payload["type"], "organization": job.organization_id}
        if position is None:
            return {"type": TEST, "timestamp": now, "data": about}
        (recorded,) = self._ledger.feed(position - 1, 1, job.organization_id)
        data = {
            **about,
            "subject": recorded.originator_id,
            "position": recorded.position,
            "version": recorded.originator_version,
            "data": recorded.fact,
        }
        return {"type": about["type"], "timestamp": recorded.meta.at, "data": data}

    def _deliver(
        self, job: Job, endpoint: WebhookEndpoint, headers: dict[str, str], body: bytes, at: datetime
    ) -> Answer:
        try:
            reply = self._poster.post(endpoint.subscription.url, headers, body)
        except NotDelivered as error:
            self._failed(job, str(error))
            return Later(str(error), self._pause(job))
        said: dict[str, Any] = {"response_status": reply.status}
        # Else somebody in it was erased meanwhile, when the answers so far were forgotten.
        if not reply.excerpt or self._body(job, at) == body:
            said["response_body"] = reply.excerpt
        if reply.status in _ACCEPTED:
            with self._pool.connection() as connection:
                listeners.is_well(connection, job.payload["endpoint_id"])
            return Done(said)
        reason = f"answered {reply.status}"
        if reply.status == _GONE:
            self._disable(job, "gone", reason)
            return Dead(reason, said)
        self._failed(job, reason)
        wait = self._pause(job, retry_after(reply.retry_after, self._lookout.now()))
        return Later(reason, wait, unreachable=_is_down(reply), said=said)

    def _failed(self, job: Job, reason: str) -> None:
        """Nothing was accepted this time; after days of that, nothing more is tried."""
        now = self._lookout.now()
        with self._pool.connection() as connection:
            since = listeners.failed(connection, job.payload["endpoint_id"], now)
        if since is not None and is_given_up(since, now):
            self._disable(job, "failing", reason, since)

    def _disable(self, job: Job, reason: DisableReason, detail: str, since: datetime | None = None) -> None:
        endpoint_id = StreamId(job.payload["endpoint_id"])
        command = DisableWebhookEndpoint(endpoint_id=endpoint_id, reason=reason, detail=detail, since=since)
        name = f"{job.effect_key}/{job.attempt}/disable"
        self._reporter.report(job.organization_id, command, cause=job.effect_key, name=name)

    def _pause(self, job: Job, asked: timedelta | None = None) -> timedelta:
        return pause_after(job.attempt, self._chance(), asked)


def _is_down(reply: Reply) -> bool:
    return reply.status >= _SERVER_ERRORS
