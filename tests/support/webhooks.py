"""Webhooks for tests: endpoints of a company, and the workers that deliver to them."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
from psycopg_pool import ConnectionPool

from invoicing_domain.categories import WEBHOOK_ENDPOINT
from invoicing_domain.clock import Clock
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.webhook_endpoint.commands import DisableWebhookEndpoint, RegisterWebhookEndpoint
from invoicing_domain.model.webhook_endpoint.events import Subscription
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from invoicing_domain.outside import Outside
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.webhook_secrets import WebhookSecrets
from invoicing_domain.service import InvoicingService
from tests.support.jobs import AllThereIs, weeks_of_calls_in_a_second
from tests.support.reminders import Company
from workers.following.follower import JobFollower
from workers.jobs.book import LEASE, Jobs
from workers.jobs.job import Job
from workers.jobs.runner import JobRunner
from workers.lookout import Lookout
from workers.mail.envelope import mailbox
from workers.mail.transport import MailTransport
from workers.webhooks.delivery import WebhookDelivery
from workers.webhooks.notice import EndpointNotices
from workers.webhooks.post import Poster

SECRETS = WebhookSecrets()
_LISTENED = "SELECT FROM work.webhook_endpoint"


def is_listened(database: str) -> bool:
    """Whether the workers know of an endpoint: facts of the same moment in other partitions may be missed."""
    with psycopg.connect(database) as connection:
        return connection.execute(_LISTENED).fetchone() is not None


@dataclass
class Webhooks:
    """What follows the facts and what delivers, on one database."""

    database: str
    ledger: Ledger
    pool: ConnectionPool[Any]
    clock: Clock
    poster: Poster = field(default_factory=lambda: Poster(Outside(allow_private=True), seconds=60))
    lease: timedelta = LEASE

    def register(self, company: Company, url: str, *events: str, reference: int = 1, salt: str = "00" * 16) -> StreamId:
        endpoint_id = stream_id("webhook_endpoint", company.id, reference)
        command = RegisterWebhookEndpoint(
            endpoint_id=endpoint_id, reference=reference, subscription=Subscription(url=url, events=events), salt=salt
        )
        self.service.execute(command, company.context())
        weeks_of_calls_in_a_second(self.pool, f"webhook:{endpoint_id}")
        return endpoint_id

    def run(self) -> int:
        """Follow what there is, and deliver what is due; returns how many were accepted."""
        self.follow()
        return self.deliver()

    def follow(self) -> None:
        feed = AllThereIs(self.database, self.ledger)
        JobFollower(feed=feed, pool=self.pool, clock=self.clock).run_once(Event())

    def deliver(self) -> int:
        delivery = WebhookDelivery(
            ledger=self.ledger,
            lookout=Lookout(self.ledger, self.clock),
            service=self.service,
            pool=self.pool,
            poster=self.poster,
            secrets=SECRETS,
            chance=lambda: 0.5,
        )
        return JobRunner(jobs=self.jobs, handlers=[delivery], clock=self.clock).run_once()

    def lose(self, company: Company) -> StreamId:
        """An endpoint that was disabled because its receiver is gone."""
        endpoint_id = self.register(company, "https://erp.client.example/hooks")
        command = DisableWebhookEndpoint(endpoint_id=endpoint_id, reason="gone", detail="answered 410")
        self.service.execute(command, company.context())
        return endpoint_id

    def tell(self, transport: MailTransport) -> int:
        """Follow what there is, and mail what it says to the company; returns how many mails were handed over."""
        self.follow()
        notices = EndpointNotices(
            ledger=self.ledger,
            lookout=Lookout(self.ledger, self.clock),
            transport=transport,
            mail_from=mailbox("izvor@atelier.example", "Izvor"),
            public_url="https://facturi.example",
        )
        return JobRunner(jobs=self.jobs, handlers=[notices], clock=self.clock).run_once()

    @property
    def service(self) -> InvoicingService:
        return InvoicingService(self.ledger)

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.pool, worker_id=str(uuid4()), lease=self.lease)

    def state(self, endpoint_id: str) -> WebhookEndpoint:
        state = self.ledger.load(WEBHOOK_ENDPOINT, endpoint_id).state
        assert state is not None
        return state

    def job(self, effect_key: str) -> Job:
        job = self.jobs.find(effect_key)
        assert job is not None
        return job
