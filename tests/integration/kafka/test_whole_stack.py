"""All of it, as users run it: a message from a shop becomes an invoice, a letter, a webhook and facts in a topic."""

from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from kafka import KafkaAdminClient
from standardwebhooks import Webhook

from deploy.stack import TARGETS
from tests.kafka.broker import Broker
from tests.support.processes import wait_until
from tests.support.receiver import receiver
from tests.support.reminders import Mailroom, free_port, mail_server
from tests.support.stack import Stack, izvor
from tests.support.topics import Message, Reader, Seen, send
from tests.support.webhooks import is_listened
from workers.kafka.cluster import Cluster

ORDER = {
    "order": {"id": "SO-4711", "date": "2026-11-23"},
    "customer": {"name": "Client SRL", "email": "contabilitate@client.example"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
    "send": True,
    "deliver": "email",
}


def answer_to(message: Message, reader: Reader) -> list[dict[str, Any]]:
    answers = [orjson.loads(one.value) for one in reader.all("command-results")]
    return [one for one in answers if one["command_id"] == message.id]


def facts_of(invoice_id: str, reader: Reader) -> list[Seen]:
    return [one for one in reader.all() if one.key == invoice_id.encode()]


@pytest.mark.timeout(600)
def test_an_accepted_order_becomes_a_sent_invoice_a_letter_with_its_paper_a_webhook_and_facts_in_the_topic(
    tmp_path: Path,
) -> None:
    room, smtp = Mailroom(), free_port()
    with Broker(tmp_path / "kafka") as broker, mail_server(room, smtp), receiver() as shop:
        cluster, reader = Cluster(servers=broker.address), Reader(Cluster(servers=broker.address))
        settings = {
            "IZVOR_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "IZVOR_MAIL_FROM": "Atelier <facturi@atelier.example>",
            "IZVOR_WEBHOOK_ALLOW_PRIVATE": "1",
        }
        folder = tmp_path / "stack"
        folder.mkdir()
        stack = Stack(folder, free_port(), "--kafka", broker.address, **settings).start()
        try:
            with stack.client() as client:
                seller = client.get("/api/v1/organization").json()["id"]
                endpoint = client.post("/api/v1/webhook-endpoints", json={"url": shop.url, "events": ["invoice.sent"]})
                order = Message(type="invoice.from_order", body=ORDER, organization_id=seller, key="SO-4711")
                wait_until(lambda: is_listened(stack.database))
                wait_until(lambda: cluster.topic("commands") in topics(cluster))
                send(cluster, [order, order])
                wait_until(lambda: len(answer_to(order, reader)) == 2)
                first, second = answer_to(order, reader)
                assert first == second
                assert (first["outcome"], first["number"]) == ("accepted", "IZV000001")
                assert client.get(f"/api/v1/invoices/{first['id']}").json()["totals"]["gross"] == "242.00"

                wait_until(lambda: workers_tell(stack, "/health/ready").status_code == 200)
                wait_until(lambda: workers_tell(stack, "/health/ready").json()["roles"] == {"relay": "leader"})

                broker.kill()
                draft = client.post("/api/v1/invoices", json={"customer": {"name": "Alt client"}})
                assert draft.status_code == 201
                wait_until(lambda: len(room.delivered) == 1 and len(shop.received) == 1)
                broker.start()
                wait_until(lambda: bool(facts_of(draft.json()["id"], reader)))
        finally:
            assert stack.stop() == 0
        [letter] = room.delivered
        assert [part.get_content_type() for part in letter.iter_attachments()] == ["application/pdf"]
        [told] = shop.received
        Webhook(endpoint.json()["secret"]).verify(told.body, dict(told.headers))
        assert (told.event["type"], told.event["data"]["subject"]) == ("invoice.sent", first["id"])
        types = [one.headers["ce_type"].decode() for one in facts_of(first["id"], reader)]
        assert types[:3] == ["invoice.drafted", "invoice.line_added", "invoice.sent"]
        assert "invoice.emailed" in types


@pytest.mark.timeout(600)
def test_a_message_that_nobody_can_do_is_seen_handed_in_again_and_counted(tmp_path: Path) -> None:
    with Broker(tmp_path / "kafka") as broker:
        cluster = Cluster(servers=broker.address)
        folder = tmp_path / "stack"
        folder.mkdir()
        stack = Stack(folder, free_port(), "--kafka", broker.address).start()
        try:
            wait_until(lambda: cluster.topic("commands") in topics(cluster))
            with stack.client() as client:
                seller = client.get("/api/v1/organization").json()["id"]
            send(cluster, [Message(type="invoice.burn", body={}, organization_id=seller)])
            wait_until(lambda: letters(folder) == ["dead"])
            told = izvor("dead-letters", "replay", "1", "--reason", "it cannot hurt", folder=folder)
            assert told.returncode == 0, told.stderr
            wait_until(lambda: letters(folder) == ["dead", "sent"])  # and died again
            wait_until(lambda: lags(stack) == ["0.0"] * 12)
            figures = workers_tell(stack, "/metrics").text
        finally:
            assert stack.stop() == 0
    assert 'izvor_jobs_dead{queue="dead-letters"} 1.0' in figures
    assert 'izvor_consumer_records_total{outcome="dead"} 2.0' in figures


def lags(stack: Stack) -> list[str]:
    """How many messages wait in each partition."""
    figures = workers_tell(stack, "/metrics").text.splitlines()
    return [one.rpartition(" ")[2] for one in figures if one.startswith("izvor_consumer_lag{")]


def letters(folder: Path) -> list[str]:
    """How the dead letters stand, newest first."""
    return [one["status"] for one in orjson.loads(izvor("dead-letters", "list", "--json", folder=folder).stdout)]


def workers_tell(stack: Stack, path: str) -> httpx.Response:
    """What the workers of a stack say to those who watch."""
    [address] = [
        one["targets"][0]
        for one in orjson.loads((stack.data / TARGETS).read_bytes())
        if one["labels"]["service"] == "workers"
    ]
    return httpx.get(f"http://{address}{path}", timeout=30, trust_env=False)


def topics(cluster: Cluster) -> set[str]:
    with closing(KafkaAdminClient(**cluster.reach)) as admin:
        return set(admin.list_topics())
