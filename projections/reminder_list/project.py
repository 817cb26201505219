"""From facts to rows of the reminder list: one fact, one row."""

from collections.abc import Iterable
from typing import Final

from invoicing_domain.model.invoice.events import ReminderSent
from projections.readmodel import Appended, Event, ReadModel, Row

COLUMNS: Final = (
    "invoice_id",
    "step",
    "organization_id",
    "sent_on",
    "recipient",
    "balance",
    "currency",
    "message_id",
    "passed_over",
    "requested",
    "recorded_at",
    "position",
)


def rows(_: None, event: Event) -> Iterable[Row]:
    fact: ReminderSent = event.fact
    yield (
        event.stream_id,
        fact.step,
        event.organization_id,
        fact.date,
        fact.to,
        fact.balance.minor,
        fact.balance.currency,
        fact.message_id,
        list(fact.passed_over),
        fact.request is not None,
        event.at,
        event.position,
    )


MODEL: Final = ReadModel(
    name="reminder_list",
    facts=frozenset({ReminderSent}),
    appended=Appended(table="reminder_list", columns=COLUMNS, rows=rows),
)
