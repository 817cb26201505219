"""Webhook endpoints over HTTP: what may be registered, the secret that is shown once, deliveries, repeats, tenants."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.clock import SystemClock
from invoicing_domain.outside import Outside
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, open_house, refused
from tests.support.receiver import Receiver, receiver
from tests.support.reminders import HandClock, work_pool
from tests.support.webhooks import Webhooks

URL = "https://erp.example/hooks"


@pytest.fixture(scope="module")
def connected(template: EmbeddedPostgres) -> Iterator[House]:
    """A house from which every name leads to a public address, without asking anybody."""
    outside = Outside(resolve=lambda *_: ("93.184.216.34",))
    with fresh_database(template) as database, open_house(database, outside=outside) as house:
        yield house


@pytest.fixture
def seller(connected: House) -> Company:
    return connected.company()


def register(company: Company, url: str = URL, **more: Any) -> dict[str, Any]:
    return good(company.admin.post("/webhook-endpoints", {"url": url, **more}), 201)


def path(endpoint: dict[str, Any], tail: str = "") -> str:
    return f"/webhook-endpoints/{endpoint['id']}{tail}"


def test_an_endpoint_is_registered_read_listed_changed_and_removed(seller: Company) -> None:
    admin = seller.admin
    assert good(admin.get("/webhook-endpoints"))["data"] == []
    answer = admin.post("/webhook-endpoints", {"url": URL, "description": "ERP", "events": ["invoice.*"]})
    made = good(answer, 201)
    assert answer.headers["location"] == f"/api/v1/webhook-endpoints/{made['id']}"
    assert (made["status"], made["events"], made["version"]) == ("enabled", ["invoice.*"], 1)
    read = good(admin.get(path(made)))
    assert read == {**made, "secret": None}
    after = answer.headers["izvor-position"]
    assert good(admin.get("/webhook-endpoints", after=after))["data"] == [read]
    assert good(admin.get(f"/webhook-endpoints/{made['reference']}"))["id"] == made["id"]
    changed = good(admin.patch(path(made), {"description": "CRM", "events": []}))
    assert (changed["url"], changed["description"], changed["events"]) == (URL, "CRM", [])
    removed = admin.delete(path(made))
    good(removed)
    refused(admin.get(path(made)), 404, "not_found")
    refused(admin.get(path(made, "/deliveries")), 404, "not_found")
    refused(admin.delete(path(made)), 404, "not_found")
    assert good(admin.get("/webhook-endpoints", after=removed.headers["izvor-position"]))["data"] == []


def test_the_secret_is_shown_once_and_again_to_the_same_request_alone(seller: Company) -> None:
    first = seller.admin.post("/webhook-endpoints", {"url": URL}, key="k1")
    again = seller.admin.post("/webhook-endpoints", {"url": URL}, key="k1")
    made = good(first, 201)
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert made["secret"].startswith("whsec_")
    assert good(seller.admin.get(path(made)))["secret"] is None
    assert good(seller.admin.post(path(made, "/disable")))["secret"] is None
    assert register(seller)["secret"] != made["secret"]


def test_a_rotated_secret_is_another_one_and_the_old_one_has_its_day(seller: Company) -> None:
    made = register(seller)
    rotated = good(seller.admin.post(path(made, "/rotate-secret"), key="r1"))
    assert rotated["secret"] not in {made["secret"], None}
    assert rotated["previous_secret_until"] is not None
    assert good(seller.admin.post(path(made, "/rotate-secret"), key="r1")) == rotated
    assert good(seller.admin.get(path(made)))["previous_secret_until"] == rotated["previous_secret_until"]


def test_no_table_holds_a_secret(seller: Company) -> None:
    made = good(seller.admin.post("/webhook-endpoints", {"url": URL}, key="secret"), 201)
    kept = made["secret"].removeprefix("whsec_")
    query = (
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('izvor', 'read', 'work')"
    )
    with psycopg.connect(seller.house.database) as connection:
        for schema, table in connection.execute(query).fetchall():
            statement = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
            rows = "".join(str(row) for row in connection.execute(statement).fetchall())
            assert kept not in rows
            assert kept.encode().hex() not in rows


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": ""}, "/url"),
        ({"url": "http://erp.example/"}, "/url"),
        ({"url": "https://u:p@erp.example/"}, "/url"),
        ({"url": "https://erp.example:25/"}, "/url"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"url": URL, "events": ["invoice.exploded"]}, "/events/0"),
        ({"url": URL, "events": ["invoice.*", "*"]}, "/events/1"),
        ({"url": URL, "events": ["webhook_endpoint.*"]}, "/events/0"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret"),
        ({"url": URL, "description": "a\nb"}, "/description"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused_at_its_field(
    seller: Company, body: dict[str, Any], pointer: str
) -> None:
    refused(seller.admin.post("/webhook-endpoints", body), 422, "validation_failed", pointer)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://10.0.0.1/"]
)
def test_an_address_that_is_not_public_is_refused_when_saved_and_when_changed(company: Company, url: str) -> None:
    problem = refused(company.admin.post("/webhook-endpoints", {"url": url}), 422, "validation_failed", "/url")
    assert "not public" in problem["detail"]
    made = good(company.admin.post("/webhook-endpoints", {"url": "https://93.184.216.34/"}), 201)
    refused(company.admin.patch(path(made), {"url": url}), 422, "validation_failed", "/url")


def test_another_organization_s_endpoint_is_not_there(seller: Company, connected: House) -> None:
    other, made = connected.company(), register(seller)
    for method, tail in [
        *(("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/deliveries"), ("GET", "/history")),
        *(("POST", tail) for tail in ("/rotate-secret", "/enable", "/disable", "/test", "/deliveries/1/replay")),
    ]:
        body = {"description": "x"} if method == "PATCH" else None
        refused(other.admin.ask(method, path(made, tail), body), 404, "not_found")
    assert good(other.admin.get("/webhook-endpoints"))["data"] == []


@dataclass(frozen=True)
class Listening:
    """A company whose receiver is on this machine, and the workers of its house."""

    company: Company
    receiver: Receiver
    webhooks: Webhooks


@pytest.fixture(scope="module")
def at_home(template: EmbeddedPostgres) -> Iterator[House]:
    """A house that may call this machine."""
    with fresh_database(template) as database, open_house(database, outside=Outside(allow_private=True)) as house:
        yield house


@pytest.fixture
def listening(at_home: House) -> Iterator[Listening]:
    with work_pool(at_home.database) as pool, receiver() as receiving:
        clock = HandClock(SystemClock().now())  # at which nothing is due a second time, however long a test takes
        webhooks = Webhooks(database=at_home.database, ledger=at_home.ledger, pool=pool, clock=clock)
        yield Listening(at_home.company(), receiving, webhooks)


def test_a_test_and_its_delivery_can_be_looked_at_and_repeated(listening: Listening) -> None:
    company, receiving, webhooks = listening.company, listening.receiver, listening.webhooks
    receiving.status, receiving.body = 500, b"broken"
    made = register(company, receiving.url)
    good(company.admin.post(path(made, "/test")), 202)
    webhooks.run()
    (delivery,) = good(company.people["auditor"].get(path(made, "/deliveries")))["data"]
    assert (delivery["type"], delivery["position"], delivery["status"]) == ("webhook.test", None, "ready")
    assert delivery["next_attempt_at"] is not None
    (attempt,) = delivery["attempts"]
    assert (attempt["response_status"], attempt["response_body"], attempt["reason"]) == (500, "broken", "answered 500")
    receiving.status = 200
    good(company.admin.post(path(made, f"/deliveries/{delivery['id']}/replay")), 202)
    webhooks.run()
    repeat = good(company.admin.get(path(made, "/deliveries")))["data"][0]
    assert (repeat["status"], repeat["event_id"]) == ("sent", delivery["event_id"])
    assert receiving.ids == [delivery["event_id"]] * 2
    told = good(company.admin.get(path(made, "/history")))["data"]
    assert [entry["type"] for entry in told] == [
        "webhook_endpoint.registered",
        "webhook_endpoint.test_requested",
        "webhook_endpoint.replay_requested",
    ]


def test_deliveries_come_in_pages_newest_first(listening: Listening) -> None:
    company, receiving, webhooks = listening.company, listening.receiver, listening.webhooks
    made = register(company, receiving.url, events=["customer.*"])
    for name in ("Ana", "Ion", "Zoe"):
        company.customer(name)
    webhooks.run()
    page = good(company.admin.get(path(made, "/deliveries"), "limit=2"))
    rest = good(company.admin.get(path(made, "/deliveries"), f"limit=2&after={page['next']}"))
    positions = [one["position"] for one in (*page["data"], *rest["data"])]
    assert positions == sorted(positions, reverse=True)
    assert (len(positions), rest["has_more"], rest["next"]) == (3, False, None)
    refused(company.admin.get(path(made, "/deliveries"), "after=x"), 422, "validation_failed", "after")


def test_a_delivery_of_another_endpoint_or_none_cannot_be_repeated(listening: Listening) -> None:
    company, receiving, webhooks = listening.company, listening.receiver, listening.webhooks
    made, other = register(company, receiving.url), register(company, receiving.url)
    good(company.admin.post(path(made, "/test")), 202)
    webhooks.run()
    (delivery,) = good(company.admin.get(path(made, "/deliveries")))["data"]
    for tail in (f"/deliveries/{delivery['id']}/replay", "/deliveries/0/replay", "/deliveries/x/replay"):
        refused(company.admin.post(path(other, tail)), 404, "not_found")
    good(company.admin.post(path(made, "/disable")))
    replay = path(made, f"/deliveries/{delivery['id']}/replay")
    refused(company.admin.post(replay), 409, "webhook_endpoint_disabled")


def test_what_a_receiver_gets_is_what_the_feed_shows(listening: Listening) -> None:
    company, receiving, webhooks = listening.company, listening.receiver, listening.webhooks
    register(company, receiving.url, events=["customer.registered"])
    company.customer("Ion Popescu", kind="person", email="ion@client.example")
    webhooks.run()
    (got,) = receiving.received
    shown = good(company.admin.get("/events", f"after={got.event['data']['position'] - 1}&limit=1"))["data"][0]
    assert got.event["data"]["data"] == shown["data"]
    assert shown["data"]["profile"]["email"] == "ion@client.example"
