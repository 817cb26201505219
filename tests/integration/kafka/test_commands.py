"""Commands as messages: each is done once, and answered however often it comes."""

import logging
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from kafka import KafkaProducer

from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import ORGANIZATION, context, register_organization
from tests.support.desk import Desk, order
from tests.support.processes import finish, line_of, python, wait_until
from tests.support.reminders import work_pool
from tests.support.topics import Message, Reader, running, send
from workers.bridge.consumer import CommandConsumer
from workers.kafka.cluster import Cluster, provide
from workers.kafka.dead_letters import Poison
from workers.kafka.intake import MOST_POISONED, Incoming, NotNow, Outgoing


def test_an_accepted_order_becomes_a_sent_invoice_and_the_sender_is_told_which(desk: Desk) -> None:
    [result] = desk.tell(order(1))
    [invoice] = desk.invoices()
    assert invoice.sent is not None
    assert invoice.header.order is not None
    assert (invoice.sent.number, invoice.header.order.id) == ("IZV000001", "SO-1")
    last = desk.ledger.feed(0, 1000)[-1]
    assert result == {
        "outcome": "accepted",
        "command_id": last.meta.causation_id,
        "command_type": "invoice.from_order",
        "id": result["id"],
        "reference": 1,
        "number": "IZV000001",
        "version": 3,
        "position": last.position,
    }
    assert (last.meta.actor.kind, last.meta.actor.name, last.meta.source) == ("system", "/shop", "kafka")


def test_a_result_says_what_it_answers_under_the_key_of_the_command(desk: Desk) -> None:
    message = order(1)
    desk.tell(message)
    [result] = desk.results()
    assert result.key == b"SO-1"
    assert result.headers["ce_subject"] == message.id.encode()
    assert result.headers["ce_type"] == b"command.accepted"
    assert result.headers["ce_time"] == b"2026-11-24T09:00:00+00:00"
    assert result.headers["izvor_organization"] == ORGANIZATION.encode()


def test_a_message_that_comes_again_is_answered_with_the_first_result_and_the_same_id(desk: Desk) -> None:
    message = order(1)
    results = desk.tell(message, message, message)
    assert results[0] == results[1] == results[2]
    assert len(desk.invoices()) == 1
    assert len({one.headers["ce_id"] for one in desk.results()}) == 1


def test_the_same_order_under_another_id_gets_the_same_invoice(desk: Desk) -> None:
    first, second = desk.tell(order(1), order(1))
    assert (first["id"], first["number"]) == (second["id"], second["number"])
    assert len(desk.invoices()) == 1


def test_a_draft_is_sent_paid_and_reminded_of_by_messages(desk: Desk) -> None:
    [draft] = desk.tell(order(1, send=False, due_date="2026-11-23", issue_date="2026-11-23"))
    assert draft["number"] is None

    def about(kind: str, **body: Any) -> Message:
        return Message(type=kind, body={"invoice_id": draft["id"], **body}, organization_id=ORGANIZATION, key="SO-1")

    told = desk.tell(
        about("invoice.send"),
        about("invoice.pay", amount="100.00", date="2026-11-24", method="cash", external_reference="till 1"),
        about("invoice.remind"),
    )
    assert [(one["command_type"], one["outcome"]) for one in told[1:]] == [
        ("invoice.send", "accepted"),
        ("invoice.pay", "accepted"),
        ("invoice.remind", "refused"),
    ]
    assert told[3]["code"] == "customer_without_email"
    [invoice] = desk.invoices()
    assert (invoice.balance.decimal, invoice.balance.currency) == (Decimal(142), "RON")


def test_what_is_refused_stays_refused_when_it_comes_again(desk: Desk) -> None:
    [draft] = desk.tell(order(1, send=False, lines=[]))
    sending = Message(type="invoice.send", body={"invoice_id": draft["id"]}, organization_id=ORGANIZATION, key="SO-1")
    refused = desk.tell(sending)[-1]
    assert (refused["outcome"], refused["code"]) == ("refused", "invoice_without_lines")
    desk.tell(Message(type="invoice.draft", body={"customer": {"name": "B"}}, organization_id=ORGANIZATION, key="SO-1"))
    assert desk.tell(sending)[-1] == refused


def test_a_field_that_cannot_be_taken_is_named(desk: Desk) -> None:
    wrong = order(1, lines=[{"description": "A", "quantity": "two", "unit_price": "1", "vat": {}}])
    unknown = order(2, customer=None, customer_id="77")
    first, second = desk.tell(wrong, unknown)
    assert (first["code"], first["errors"][0]["pointer"]) == ("validation_failed", "/lines/0/quantity")
    assert (second["code"], second["errors"][0]["pointer"]) == ("validation_failed", "/customer_id")
    assert desk.invoices() == []


def test_an_id_that_is_used_for_another_command_is_refused(desk: Desk) -> None:
    message = order(1)
    other = order(2)
    _, refused = desk.tell(message, Message(**{**vars_of(other), "id": message.id, "key": "SO-1"}))
    assert refused["code"] == "idempotency_key_reused"


def vars_of(message: Message) -> dict[str, Any]:
    return {"type": message.type, "body": message.body, "organization_id": message.organization_id}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message(type="invoice.burn", body={}, organization_id=ORGANIZATION), "unknown_type"),
        (Message(type="invoice.send", body=b"{no json", organization_id=ORGANIZATION), "malformed_json"),
        (Message(type="invoice.send", body={}, organization_id="nobody"), "unknown_organization"),
        (
            Message(type="invoice.send", body={}, organization_id="01940000-0000-8000-8000-0000000000ff"),
            "unknown_organization",
        ),
        (
            Message(type="invoice.send", body={}, organization_id=stream_id("invoice", ORGANIZATION, 1)),
            "unknown_organization",
        ),
        (Message(type="invoice.send", body={}, organization_id=ORGANIZATION, id=""), "missing_header"),
        (Message(type="invoice.send", body={}, organization_id=ORGANIZATION, id="x" * 201), "missing_header"),
    ],
)
def test_what_can_never_succeed_is_a_dead_letter_with_its_own_bytes_and_the_reason(
    desk: Desk, message: Message, reason: str
) -> None:
    desk.tell(order(1))
    with running(desk.consumer()):
        send(desk.cluster, [message, order(2)])
        wait_until(lambda: len(desk.results()) == 2)
        wait_until(lambda: len(desk.reader.all("dead-letters")) == 1)
    [dead] = desk.reader.all("dead-letters")
    assert dead.key == message.key.encode()
    assert dead.value == (message.body if isinstance(message.body, bytes) else orjson.dumps(message.body))
    assert {name: dead.headers[name] for name, _ in message.headers} == dict(message.headers)
    assert dead.headers["izvor_dead_reason"] == reason.encode()
    assert dead.headers["izvor_dead_topic"] == desk.cluster.topic("commands").encode()
    assert dead.headers["izvor_dead_offset"].isdigit()


def test_a_message_with_nothing_in_it_is_a_dead_letter_like_any_other(desk: Desk) -> None:
    with running(desk.consumer()), closing(KafkaProducer(**desk.cluster.reach)) as producer:
        producer.send(desk.cluster.topic("commands"), key=b"k", value=None)
        producer.send(desk.cluster.topic("commands"), key=None, value=b"")
        wait_until(lambda: len(desk.reader.all("dead-letters")) == 2)
    assert {one.headers["izvor_dead_reason"] for one in desk.reader.all("dead-letters")} == {b"missing_header"}


def test_a_dead_letter_that_is_sent_again_after_the_repair_is_done(desk: Desk) -> None:
    homeless = Message(**{**vars_of(order(1)), "organization_id": "01940000-0000-8000-8000-000000000009"})
    with running(desk.consumer()):
        send(desk.cluster, [homeless])
        wait_until(lambda: len(desk.reader.all("dead-letters")) == 1)
    InvoicingService(desk.ledger).execute(
        register_organization(StreamId("01940000-0000-8000-8000-000000000009")),
        context("01940000-0000-8000-8000-000000000009"),
    )
    [dead] = desk.reader.all("dead-letters")
    with running(desk.consumer()), closing(KafkaProducer(**desk.cluster.reach)) as producer:
        again = desk.cluster.topic("commands")
        producer.send(again, key=dead.key, value=dead.value, headers=list(dead.headers.items()))
        wait_until(lambda: len(desk.results()) == 1)
    assert orjson.loads(desk.results()[0].value)["outcome"] == "accepted"


def test_many_bad_messages_in_a_row_stop_the_reading_instead_of_draining_the_topic(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    bad = [Message(type="invoice.burn", body={}, organization_id=ORGANIZATION) for _ in range(MOST_POISONED + 30)]
    with caplog.at_level(logging.ERROR), running(desk.consumer()):
        send(desk.cluster, bad)
        wait_until(lambda: "ALARM" in caplog.text)
    assert len(desk.reader.all("dead-letters")) <= MOST_POISONED


def test_a_database_that_is_away_delays_messages_and_loses_none(desk: Desk) -> None:
    away = iter(range(6))

    def answers(consumer: CommandConsumer) -> Callable[[Incoming], Outgoing]:
        def answer(message: Incoming) -> Outgoing:
            if next(away, None) is not None:
                raise NotNow("the database does not answer")
            return consumer.answer(message)

        return answer

    with running(desk.consumer(answers)):
        send(desk.cluster, [order(number) for number in range(1, 13)])
        wait_until(lambda: len(desk.results()) >= 12)
    assert {orjson.loads(one.value)["outcome"] for one in desk.results()} == {"accepted"}
    assert len(desk.invoices()) == 12


def test_an_outage_of_the_store_is_no_fault_of_the_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable("the database does not answer")

    consumer = desk.consumer()
    monkeypatch.setattr(desk.ledger, "load", gone)
    message = order(1)
    with pytest.raises(NotNow):
        consumer.answer(Incoming(b"k", orjson.dumps(message.body), dict(message.headers)))


CONSUMER = """
import os, sys
from threading import Event
from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from workers.bridge.consumer import CommandConsumer
from workers.kafka.cluster import Cluster
from workers.kafka.intake import Intake
url, servers, prefix, deaths = sys.argv[1:]
cluster, ledger, left = Cluster(servers=servers, prefix=prefix), Ledger(url), [int(deaths)]

def read(answer, stop):
    def mortal(message):
        out = answer(message)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), 9)
        return out
    Intake(cluster, "commands", mortal, lambda *_: None).run(stop)

print("here", flush=True)
CommandConsumer(ledger=ledger, service=InvoicingService(ledger), clock=SystemClock(), read=read).run(Event())
"""


@contextmanager
def process(database: str, cluster: Cluster, deaths: int) -> Iterator[subprocess.Popen[str]]:
    one = python(CONSUMER, database, cluster.servers, cluster.prefix, str(deaths))
    try:
        assert line_of(one) == "here"
        yield one
    finally:
        finish(one)


def test_who_is_killed_between_the_facts_and_the_answer_is_finished_by_the_next_one(database: str, desk: Desk) -> None:
    with process(database, desk.cluster, deaths=2) as dying:
        send(desk.cluster, [order(number) for number in range(1, 5)])
        assert dying.wait() == -signal.SIGKILL
    with running(desk.consumer()):
        wait_until(lambda: len({one.headers["ce_subject"] for one in desk.results()}) == 4)
    assert len(desk.invoices()) == 4
    numbers = {orjson.loads(one.value)["number"] for one in desk.results()}
    assert numbers == {"IZV000001", "IZV000002", "IZV000003", "IZV000004"}


def test_a_second_consumer_takes_a_share_and_nothing_is_done_twice(desk: Desk) -> None:
    with running(desk.consumer()):
        send(desk.cluster, [order(number) for number in range(1, 25)])
        with running(desk.consumer()):
            send(desk.cluster, [order(number) for number in range(25, 49)])
            wait_until(lambda: len({one.headers["ce_subject"] for one in desk.results()}) >= 48)
    assert len(desk.invoices()) == 48


def test_a_consumer_outlives_the_broker_and_stops_without_it(database: str, ledger: Ledger, tmp_path: Path) -> None:
    InvoicingService(ledger).execute(register_organization(), context())
    with Broker(tmp_path) as broker, work_pool(database) as pool:
        cluster = Cluster(servers=broker.address)
        provide(cluster, ["commands", "command-results"])
        desk = Desk(ledger, cluster, Reader(cluster), pool)
        assert desk.tell(order(1))[0]["number"] == "IZV000001"
        with running(desk.consumer()):
            broker.kill()
            broker.start()
            send(cluster, [order(2)])
            wait_until(lambda: len(desk.results()) == 2)
            broker.stop()


def test_poison_is_said_in_words_that_hold_nothing_of_the_message(desk: Desk) -> None:
    with pytest.raises(Poison, match="malformed_json: the value is not JSON"):
        desk.consumer().answer(Incoming(None, b"Ion Popescu", dict(order(1).headers)))
