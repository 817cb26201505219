"""Reading the reminders of an invoice."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from projections.rows import Connection, fetch

_OF_INVOICE: Final = (
    "SELECT step, sent_on, recipient, balance, currency, message_id, recorded_at FROM read.reminder_list"
    " WHERE organization_id = %(organization_id)s::uuid AND invoice_id = %(invoice_id)s::uuid ORDER BY position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """A reminder; `balance` in minor units is what was left to pay when it was sent."""

    step: int
    sent_on: date
    recipient: str
    balance: int
    currency: str
    message_id: str
    recorded_at: datetime


def reminders_of(connection: Connection, organization_id: str, invoice_id: str) -> list[ReminderRow]:
    return fetch(connection, ReminderRow, _OF_INVOICE, {"organization_id": organization_id, "invoice_id": invoice_id})
