"""A company whose commands come as messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from psycopg_pool import ConnectionPool

from invoicing_domain.categories import INVOICE
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.commands import ORGANIZATION
from tests.support.processes import wait_until
from tests.support.reminders import HandClock
from tests.support.topics import Message, Reader, Seen, running, send
from workers.bridge.consumer import CommandConsumer
from workers.bridge.dead_letters import DeadLetters
from workers.kafka.cluster import Cluster
from workers.kafka.dead_letters import DeadLetterOffice
from workers.kafka.intake import Intake

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ORDER = {
    "order": {"id": "SO-1", "date": "2026-11-23"},
    "customer": {"name": "Client SRL"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
    "send": True,
}


def order(number: int, **more: Any) -> Message:
    body = {**ORDER, "order": {"id": f"SO-{number}", "date": "2026-11-23"}, **more}
    return Message(type="invoice.from_order", body=body, organization_id=ORGANIZATION, key=f"SO-{number}")


@dataclass
class Desk:
    """A company whose commands come as messages."""

    ledger: Ledger
    cluster: Cluster
    reader: Reader
    pool: ConnectionPool[Any]
    outcomes: list[str] = field(default_factory=list)

    @property
    def letters(self) -> DeadLetters:
        return DeadLetters(
            pool=self.pool, ledger=self.ledger, clock=HandClock(NOW), office=DeadLetterOffice(self.cluster)
        )

    def consumer(self, answer_with: Callable[[CommandConsumer], Any] | None = None) -> CommandConsumer:
        """Another consumer; `answer_with` puts something in the way of its answers."""
        service = InvoicingService(self.ledger)
        consumer = CommandConsumer(
            ledger=self.ledger,
            service=service,
            clock=HandClock(NOW),
            read=lambda answer, stop: Intake(
                self.cluster,
                "commands",
                answer_with(consumer) if answer_with else answer,
                self.letters.bury,
                consumed=self.outcomes.append,
            ).run(stop),
        )
        return consumer

    def tell(self, *messages: Message) -> list[dict[str, Any]]:
        """Send, let a consumer answer, and return all results that are in the topic then."""
        before = len(self.results())
        with running(self.consumer()):
            send(self.cluster, messages)
            wait_until(lambda: len(self.results()) >= before + len(messages))
        return [orjson.loads(one.value) for one in self.results()]

    def results(self) -> list[Seen]:
        return self.reader.all("command-results")

    def invoices(self) -> list[Invoice]:
        drafted = [one for one in self.ledger.feed(0, 10_000) if type(one.fact).__name__ == "Drafted"]
        states = [self.ledger.load(INVOICE, one.originator_id).state for one in drafted]
        return [state for state in states if state is not None]
