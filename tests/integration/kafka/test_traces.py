"""A trace through all processes: from a message to its facts, to the topic, to a job, to a receiver."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext
from prometheus_client import CollectorRegistry

from invoicing_domain import spans
from invoicing_domain.figures import CommandFigures, MeasuredService
from invoicing_domain.recording.application import Ledger
from projections.runner import Runner
from tests.support.processes import wait_until
from tests.support.receiver import Receiver, receiver
from tests.support.reminders import HOME, Company, HandClock, work_pool
from tests.support.topics import Message, Reader, running, send
from tests.support.traces import ASKED, kept_spans
from tests.support.webhooks import Webhooks
from workers.bridge.consumer import CommandConsumer
from workers.bridge.relay import Relay
from workers.kafka.cluster import Cluster, provide
from workers.kafka.intake import Intake
from workers.kafka.outlet import Outlet

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ORDER = {
    "order": {"id": "SO-1", "date": "2026-11-23"},
    "customer": {"name": "Client SRL"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
    "send": True,
}


@dataclass
class Seen:
    """In which trace an order ended up: its facts, its answer, its records in the topic, its webhook."""

    facts: set[str | None]
    answer: str
    topic: set[str]
    webhook: str


@dataclass
class Chain:
    """Everything that a message goes through, in one process."""

    database: str
    ledger: Ledger
    cluster: Cluster
    reader: Reader
    webhooks: Webhooks
    shop: Receiver

    def order(self, traceparent: str | None) -> Seen:
        message = Message(
            type="invoice.from_order", body=ORDER, organization_id=HOME, key="SO-1", traceparent=traceparent
        )
        before = len(self.ledger.feed(0, 1_000))
        provide(self.cluster, ["events", "commands", "command-results", "dead-letters"])
        with running(self._consumer()), running(self._relay()):
            send(self.cluster, [message])
            wait_until(lambda: len(self.reader.all("command-results")) == 1)
            facts = self.ledger.feed(before, 1_000)
            wait_until(lambda: len(self.reader.all()) == before + len(facts))
        Runner(self.database).catch_up()
        self.webhooks.run()
        told = [one for one in self.reader.all() if one.position > before]
        [answer] = self.reader.all("command-results")
        [hook] = self.shop.received
        return Seen(
            facts={one.meta.traceparent for one in facts},
            answer=answer.headers.get("traceparent", b"").decode(),
            topic={one.headers.get("traceparent", b"").decode() for one in told},
            webhook=hook.headers.get("traceparent", ""),
        )

    def _consumer(self) -> CommandConsumer:
        return CommandConsumer(
            ledger=self.ledger,
            service=MeasuredService(self.ledger, CommandFigures(CollectorRegistry())),
            clock=HandClock(NOW),
            read=lambda answer, stop: Intake(self.cluster, "commands", answer, lambda *_: None).run(stop),
        )

    def _relay(self) -> Relay:
        return Relay(self.database, self.ledger, self.cluster.topic("events"), lambda: Outlet(self.cluster))


@pytest.fixture
def chain(database: str, ledger: Ledger, cluster: Cluster, reader: Reader) -> Iterator[Chain]:
    clock = HandClock(NOW)
    with work_pool(database) as pool, receiver() as shop:
        webhooks = Webhooks(database=database, ledger=ledger, pool=pool, clock=clock)
        webhooks.register(Company(webhooks.service, ledger, clock).register(), shop.url, "invoice.sent")
        yield Chain(database, ledger, cluster, reader, webhooks, shop)


def test_a_trace_goes_from_a_message_through_facts_and_jobs_to_whoever_hears_of_it(chain: Chain) -> None:
    assert chain.order(ASKED) == Seen({ASKED}, ASKED, {ASKED}, ASKED)


@pytest.mark.parametrize("text", [None, "nonsense"])
def test_a_message_without_a_trace_is_done_all_the_same(chain: Chain, text: str | None) -> None:
    assert chain.order(text) == Seen({None}, "", {""}, "")


def test_with_an_sdk_each_piece_of_work_is_a_span_that_points_to_what_led_to_it(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = kept_spans(monkeypatch)
    seen = chain.order(ASKED)
    made = {one.name: one for one in exporter.get_finished_spans()}
    events, commands = chain.cluster.topic("events"), chain.cluster.topic("commands")
    process, command = made[f"process {commands}"], made["command InvoiceOrder"]
    attempt = made["attempt webhooks"]
    assert links(process) == {ASKED}
    assert command.parent is not None
    assert command.parent.span_id == process.context.span_id
    assert seen.facts == seen.topic == {place(command.context)}
    assert place(command.context) in links(made[f"send {events}"])
    assert links(attempt) == {place(command.context)}
    assert (seen.answer, seen.webhook) == (place(process.context), place(attempt.context))
    assert (process.attributes or {})[spans.GROUP] == f"{chain.cluster.prefix}-commands"
    assert (process.attributes or {})[spans.OUTCOME] == "ok"
    assert (attempt.attributes or {})[spans.OUTCOME] == "sent"
    assert "invoice_list" in str((made["project"].attributes or {})[spans.MODELS])


def place(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def links(span: ReadableSpan) -> set[str]:
    return {place(link.context) for link in span.links}
