"""A plain history for measurements of the read side: invoices drafted, sent and paid, put straight into the table."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import psycopg

from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.money import Money
from invoicing_domain.model.payment.commands import AllocationWish, RecordPayment
from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import meta_of
from tests.support.commands import ORGANIZATION, context, draft, register_organization, send
from tests.support.sentences import Memory

COPY = (
    "COPY izvor.events (originator_id, originator_version, topic, state, notification_id, organization_id) FROM STDIN"
)


def record_history(url: str, events: int) -> int:
    """At least so many events, decided by the product's own handlers; returns how many."""
    position = 0
    with psycopg.connect(url) as connection, connection.cursor().copy(COPY) as sink:
        for position, row in enumerate(_rows(events), start=1):
            stream, version, topic, state = row
            sink.write_row((stream, version, topic, state, position, ORGANIZATION))
    return position


def _rows(events: int) -> Iterator[tuple[str, int, str, bytes]]:
    memory, codec, done = Memory(), Codec(), 0
    for command in _commands():
        told = context()
        meta = meta_of(told)
        for happened in memory.run(command, told):
            first = len(memory.streams[happened.stream_id]) - len(happened.facts) + 1
            for version, fact in enumerate(happened.facts, start=first):
                yield happened.stream_id, version, codec.topic(fact), codec.encode(fact, meta)
                done += 1
        if done >= events:
            return


def _commands() -> Iterator[Any]:
    yield register_organization()
    for reference in count(1):
        command = draft(reference, lines=2)
        yield command
        yield send(reference)
        yield RecordPayment(
            payment_id=stream_id("payment", ORGANIZATION, reference),
            document=reference,
            customer_id=command.header.customer.customer_id,
            customer_name=command.header.customer.name,
            amount=Money(20_000, "RON"),
            date=context().today,
            method="bank_transfer",
            allocations=(AllocationWish(invoice_id=command.invoice_id),),
        )
