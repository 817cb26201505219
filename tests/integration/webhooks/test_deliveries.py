"""Facts sent to receivers: which, how signed, how often, until when; and who dies on the way."""

import signal
from collections.abc import Mapping
from datetime import timedelta
from textwrap import dedent
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api.openapi_webhooks import WEBHOOKS
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.customer.commands import EraseCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.webhook_endpoint.commands import (
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    RemoveWebhookEndpoint,
    RequestWebhookReplay,
    RequestWebhookTest,
    RotateWebhookSecret,
)
from invoicing_domain.model.webhook_endpoint.events import Message, WebhookEndpointDisabled
from invoicing_domain.outside import Outside
from tests.integration.webhooks.conftest import World
from tests.support.processes import finish, line_of, python
from tests.support.reminders import Company
from tests.support.webhooks import SECRETS
from workers.naming import fact_id
from workers.policies.webhooks import ATTEMPTS, PAUSES
from workers.webhooks.post import Poster, Reply

OLD, NEW = "00" * 16, "11" * 16
SENT = 3
"""The version of an invoice of one line, at which it is sent."""


def run(world: World, command: object) -> None:
    world.webhooks.service.execute(command, world.company.context())


def key(endpoint: str, invoice: str, version: int = SENT) -> str:
    return f"webhook:{endpoint}:{fact_id(invoice, version)}"


def test_a_fact_arrives_once_as_it_is_on_kafka(world: World) -> None:
    world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    assert [world.webhooks.run() for _ in range(3)] == [1, 0, 0]
    (got,) = world.receiver.received
    sent = world.webhooks.ledger.history(invoice)[SENT - 1]
    data = got.event["data"]
    assert got.event["type"] == data["type"] == "invoice.sent"
    assert got.event["timestamp"] == "2026-11-24T08:00:00+00:00"
    assert data["id"] == got.headers["webhook-id"] == fact_id(invoice, SENT)
    assert (data["subject"], data["version"], data["position"]) == (invoice, SENT, sent.position)
    assert data["organization"] == world.company.id
    assert data["data"]["totals"]["gross"] == {"minor": 12100, "currency": "RON"}
    assert got.headers["Content-Type"] == "application/json"


def test_a_filter_lets_through_what_it_names_and_none_lets_through_all(world: World) -> None:
    world.webhooks.register(world.company, f"{world.receiver.url}/all")
    world.webhooks.register(world.company, f"{world.receiver.url}/some", "payment.*", "invoice.sent", reference=2)
    world.company.pay(world.company.invoice())
    world.webhooks.run()
    arrived = {one.path: [got.event["type"] for got in world.receiver.received if got.path == one.path]
               for one in world.receiver.received}  # fmt: skip
    assert sorted(arrived["/hooks/some"]) == ["invoice.sent", "payment.recorded"]
    assert set(arrived["/hooks/all"]) > {"invoice.drafted", "invoice.sent", "invoice.payment_received"}
    assert not [name for names in arrived.values() for name in names if name.startswith("webhook_endpoint")]


def test_what_was_recorded_before_an_endpoint_is_not_sent_there(world: World) -> None:
    world.company.invoice()
    world.webhooks.register(world.company, world.receiver.url)
    assert world.webhooks.run() == 0


def test_a_feed_that_begins_again_sends_nothing_more(world: World) -> None:
    world.company.invoice()
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    run(world, ChangeWebhookEndpoint(endpoint_id=endpoint, changes={"events": ("payment.*",)}))
    world.company.pay(world.company.invoice())
    assert world.webhooks.run() == 2
    with world.webhooks.pool.connection() as connection:
        connection.execute("DELETE FROM work.follower")
    assert world.webhooks.run() == 0
    assert world.receiver.types == ["invoice.sent", "payment.recorded"]


def test_an_endpoint_hears_of_its_own_organization_alone(world: World) -> None:
    other = Company(world.webhooks.service, world.webhooks.ledger, world.clock, StreamId(str(uuid4()))).register()
    world.webhooks.register(world.company, f"{world.receiver.url}/ours", "invoice.sent")
    world.webhooks.register(other, f"{world.receiver.url}/theirs", "invoice.sent")
    invoice = other.invoice()
    world.webhooks.run()
    assert [(got.path, got.event["data"]["subject"]) for got in world.receiver.received] == [("/hooks/theirs", invoice)]


def test_an_independent_library_verifies_the_signature(world: World) -> None:
    world.clock.instant = SystemClock().now()
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    world.webhooks.run()
    (got,) = world.receiver.received
    verifier = Webhook(SECRETS.text(endpoint, OLD))
    assert verifier.verify(got.body, dict(got.headers)) == got.event
    with pytest.raises(WebhookVerificationError):
        verifier.verify(got.body + b" ", dict(got.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS.text(endpoint, NEW)).verify(got.body, dict(got.headers))


def test_the_ten_lines_of_the_description_verify_it_too(world: World) -> None:
    world.clock.instant = SystemClock().now()
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    world.webhooks.run()
    (got,) = world.receiver.received
    told: dict[str, Any] = {}
    exec(dedent(WEBHOOKS[WEBHOOKS.index("    import base64") :]), told)  # noqa: S102 - what readers copy
    told["verify"](SECRETS.text(endpoint, OLD), got.headers, got.body)
    with pytest.raises(ValueError, match="not from Izvor"):
        told["verify"](SECRETS.text(endpoint, NEW), got.headers, got.body)
    with pytest.raises(ValueError, match="too old"):
        told["verify"](SECRETS.text(endpoint, OLD), {**got.headers, "webhook-timestamp": "1"}, got.body)


def test_after_a_rotation_both_secrets_verify_for_a_day_and_then_one(world: World) -> None:
    world.clock.instant = SystemClock().now() - timedelta(hours=24)
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    run(world, RotateWebhookSecret(endpoint_id=endpoint, salt=NEW))
    world.clock.forward(hours=23, minutes=58)
    world.company.invoice()
    world.webhooks.run()
    got = world.receiver.received[-1]
    for salt in (OLD, NEW):
        Webhook(SECRETS.text(endpoint, salt)).verify(got.body, dict(got.headers))
    world.clock.forward(minutes=3)
    world.company.invoice()
    world.webhooks.run()
    got = world.receiver.received[-1]
    Webhook(SECRETS.text(endpoint, NEW)).verify(got.body, dict(got.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS.text(endpoint, OLD)).verify(got.body, dict(got.headers))


def test_secrets_differ_by_endpoint_salt_and_installation() -> None:
    texts = {SECRETS.text(endpoint, salt) for endpoint in ("a", "b") for salt in (OLD, NEW)}
    texts.add(type(SECRETS)("another secret key of thirty-two!").text("a", OLD))
    assert len(texts) == 5
    assert all(len(text) == len("whsec_") + 44 for text in texts)


def test_a_refused_delivery_is_tried_on_the_schedule_and_then_given_up(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    world.receiver.status = 422
    world.webhooks.run()
    for tried, pause in enumerate(PAUSES, start=1):
        assert len(world.receiver.received) == tried
        world.clock.forward(seconds=pause.total_seconds() - 1)
        world.webhooks.run()
        assert len(world.receiver.received) == tried
        world.clock.forward(seconds=1)
        world.webhooks.run()
    assert len(world.receiver.received) == ATTEMPTS
    assert len(set(world.receiver.ids)) == 1
    world.clock.forward(days=9)
    world.webhooks.run()
    assert world.webhooks.job(key(endpoint, invoice)).status == "dead"
    assert len(world.receiver.received) == ATTEMPTS


@pytest.mark.parametrize("status", [302, 400, 429, 500, 503])
def test_anything_but_2xx_is_tried_again_and_then_arrives(world: World, status: int) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    world.receiver.status, world.receiver.body = status, b"not now"
    assert world.webhooks.run() == 0
    outcome = world.webhooks.job(key(endpoint, invoice)).outcome
    assert outcome == {"reason": f"answered {status}", "response_status": status, "response_body": "not now"}
    world.receiver.status = 200
    world.clock.forward(seconds=5)
    assert world.webhooks.run() == 1


def test_what_a_receiver_sent_back_is_forgotten_when_a_customer_is_erased(world: World) -> None:
    customer = stream_id("customer", world.company.id, 1)
    run(world, RegisterCustomer(customer_id=customer, reference=1, profile=CustomerProfile(name="Ion Țăranu")))
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    world.receiver.status, world.receiver.body = 200, "Ion Țăranu, ion@client.example".encode()
    assert world.webhooks.run() == 1
    assert "Ion" in kept(world)
    run(world, EraseCustomer(customer_id=customer, reason="asked for"))
    world.webhooks.run()
    assert "Ion" not in kept(world)
    assert world.webhooks.job(key(endpoint, invoice)).outcome == {"response_status": 200}


class ErasingPoster(Poster):
    """Somebody erases a customer, and the answers so far are forgotten, while a receiver takes its time to answer."""

    def __init__(self, world: World, customer: StreamId) -> None:
        super().__init__(Outside(allow_private=True))
        self._world, self._customer = world, customer

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = super().post(url, headers, body)
        run(self._world, EraseCustomer(customer_id=self._customer, reason="asked for"))
        self._world.webhooks.follow()
        return reply


@pytest.mark.parametrize("status", [200, 422, 410])
def test_what_is_sent_back_while_the_customer_is_erased_is_not_kept(world: World, status: int) -> None:
    customer = stream_id("customer", world.company.id, 1)
    profile = CustomerProfile(name="Ion Țăranu")
    run(world, RegisterCustomer(customer_id=customer, reference=1, profile=profile))
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    world.receiver.status, world.receiver.body = status, "Ion Țăranu, ion@client.example".encode()
    world.webhooks.poster = ErasingPoster(world, customer)
    world.webhooks.run()
    assert "Ion" not in kept(world)
    outcome = world.webhooks.job(key(endpoint, invoice)).outcome
    assert outcome is not None
    assert outcome["response_status"] == status


def kept(world: World) -> str:
    question = (
        "SELECT string_agg(j::text || coalesce(a::text, ''), '')"
        " FROM work.job j LEFT JOIN work.attempt a ON a.job_id = j.id"
    )
    with world.webhooks.pool.connection() as connection:
        return str(connection.execute(question).fetchone())


def test_retry_after_is_heeded(world: World) -> None:
    world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    world.receiver.status, world.receiver.headers = 429, {"Retry-After": "3600"}
    world.webhooks.run()
    world.receiver.status = 200
    world.clock.forward(minutes=59)
    assert world.webhooks.run() == 0
    world.clock.forward(minutes=1)
    assert world.webhooks.run() == 1


def test_gone_disables_at_once_and_the_fact_says_why(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    world.receiver.status = 410
    world.webhooks.run()
    assert world.webhooks.state(endpoint).disabled == WebhookEndpointDisabled(reason="gone", detail="answered 410")
    recorded = world.webhooks.ledger.history(endpoint)[-1]
    assert (recorded.meta.actor.kind, recorded.meta.actor.id) == ("worker", "webhooks")
    world.receiver.status = 200
    world.company.invoice()
    assert world.webhooks.run() == 0


def live(world: World, days: int) -> None:
    for _ in range(days * 4):
        world.company.invoice()
        world.webhooks.run()
        world.clock.forward(hours=6)


def test_five_days_without_a_good_answer_disable(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.receiver.status = 500
    live(world, 5)
    assert world.webhooks.state(endpoint).status == "enabled"
    since = world.clock.now() - timedelta(days=5)
    live(world, 1)
    failing = WebhookEndpointDisabled(reason="failing", detail="answered 500", since=since)
    assert world.webhooks.state(endpoint).disabled == failing
    tried = len(world.receiver.received)
    live(world, 1)
    assert len(world.receiver.received) == tried


def test_one_good_answer_begins_the_five_days_anew(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    for _ in range(3):
        world.receiver.status = 500
        live(world, 4)
        world.receiver.status = 200
        live(world, 1)
    assert world.webhooks.state(endpoint).status == "enabled"


def test_failures_weeks_apart_are_not_one_trouble(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.receiver.status = 500
    world.company.invoice()
    world.webhooks.run()
    world.clock.forward(days=20)
    world.company.invoice()
    world.webhooks.run()
    assert world.webhooks.state(endpoint).status == "enabled"


def test_while_disabled_nothing_is_sent_and_nothing_is_made_up_for(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    waiting = world.company.invoice()
    world.webhooks.follow()
    run(world, DisableWebhookEndpoint(endpoint_id=endpoint, reason="asked"))
    world.company.invoice()
    assert world.webhooks.run() == 0
    assert world.webhooks.job(key(endpoint, waiting)).status == "withdrawn"
    run(world, EnableWebhookEndpoint(endpoint_id=endpoint))
    later = world.company.invoice()
    world.webhooks.run()
    assert [got.event["data"]["subject"] for got in world.receiver.received] == [later]


def test_a_removed_endpoint_gets_nothing_more(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    world.webhooks.follow()
    run(world, RemoveWebhookEndpoint(endpoint_id=endpoint))
    world.company.invoice()
    assert world.webhooks.run() == 0
    assert world.receiver.received == []


def test_a_changed_filter_counts_from_its_own_fact_on(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    world.company.invoice()
    run(world, ChangeWebhookEndpoint(endpoint_id=endpoint, changes={"events": ("invoice.drafted",)}))
    world.company.invoice()
    world.webhooks.run()
    assert sorted(world.receiver.types) == ["invoice.drafted", "invoice.sent"]


def test_a_test_arrives_also_where_facts_do_not(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url)
    run(world, DisableWebhookEndpoint(endpoint_id=endpoint, reason="asked"))
    for _ in range(2):
        run(world, RequestWebhookTest(endpoint_id=endpoint))
    assert world.webhooks.run() == 2
    assert world.receiver.types == ["webhook.test"] * 2
    assert len(set(world.receiver.ids)) == 2


def test_a_repeat_has_the_id_of_the_first(world: World) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    world.webhooks.run()
    position = world.webhooks.ledger.history(invoice)[SENT - 1].position
    message = Message(event_id=fact_id(invoice, SENT), type="invoice.sent", position=position)
    for _ in range(2):
        run(world, RequestWebhookReplay(endpoint_id=endpoint, message=message))
    assert world.webhooks.run() == 2
    assert len(set(world.receiver.ids)) == 1
    assert len({got.body for got in world.receiver.received}) == 1


def test_a_url_that_leads_home_by_now_is_a_failure_like_another(world: World) -> None:
    endpoint = world.webhooks.register(world.company, "https://erp.example/", "invoice.sent")
    world.webhooks.poster = Poster(Outside(resolve=lambda *_: ("169.254.169.254",)))
    invoice = world.company.invoice()
    assert world.webhooks.run() == 0
    job = world.webhooks.job(key(endpoint, invoice))
    assert job.status == "ready"
    assert job.outcome == {"reason": "the URL leads to an address that is not public: erp.example"}


DYING = """
import os, signal, sys
from datetime import datetime, timedelta
from invoicing_domain.outside import Outside
from invoicing_domain.recording.application import Ledger
from tests.support.reminders import HandClock, work_pool
from tests.support.webhooks import Webhooks
from workers.following.follower import JobFollower
from workers.jobs.book import Jobs
from workers.webhooks import listeners
from workers.webhooks.post import Poster

database, instant, moment = sys.argv[1:]

def dies(at):
    if moment == at:
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

class DyingPoster(Poster):
    def post(self, *arguments):
        dies("before the call")
        reply = super().post(*arguments)
        dies("after the call")
        return reply

class Book(Jobs):
    def claim(self, *arguments):
        job = super().claim(*arguments)
        dies("after the claim")
        return job

    def finish(self, *arguments):
        status = super().finish(*arguments)
        dies("after the answer")
        return status

class Dying(Webhooks):
    @property
    def jobs(self):
        return Book(self.pool, worker_id="00000000-0000-0000-0000-000000000001", lease=timedelta(0))

with work_pool(database) as pool:
    dying = Dying(
        database=database, ledger=Ledger(database), pool=pool, clock=HandClock(datetime.fromisoformat(instant)),
        poster=DyingPoster(Outside(allow_private=True)),
    )
    dying.follow()
    dies("after the wish")
    dying.deliver()
"""


@pytest.mark.parametrize(
    ("moment", "arrivals"),
    [
        ("after the wish", 1),
        ("after the claim", 1),
        ("before the call", 1),
        ("after the call", 2),
        ("after the answer", 1),
    ],
)
def test_a_worker_killed_anywhere_delivers_at_least_once_under_one_id(world: World, moment: str, arrivals: int) -> None:
    endpoint = world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    invoice = world.company.invoice()
    process = python(DYING, world.webhooks.database, world.clock.now().isoformat(), moment)
    try:
        assert line_of(process) == "dying"
        assert process.wait() == -signal.SIGKILL
    finally:
        finish(process)
    for _ in range(3):
        world.webhooks.run()
        world.clock.forward(minutes=5)
    assert len(world.receiver.received) == arrivals
    assert set(world.receiver.ids) == {fact_id(invoice, SENT)}
    assert world.webhooks.job(key(endpoint, invoice)).status == "sent"


def test_two_followers_and_two_workers_deliver_once(world: World) -> None:
    world.webhooks.register(world.company, world.receiver.url, "invoice.sent")
    for _ in range(3):
        world.company.invoice()
    for _ in range(2):
        world.webhooks.follow()
        world.webhooks.follow()
        world.webhooks.deliver()
        world.webhooks.deliver()
    assert len(world.receiver.received) == 3
