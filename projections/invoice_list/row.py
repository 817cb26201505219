"""One row of the invoice list, as all queries of it give it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from psycopg import sql

from invoicing_domain.model.invoice.status import Status, status_of
from projections.rows import fixed


class InvoiceRow(NamedTuple):
    """One invoice as lists show it; amounts in minor units of `currency`, `metadata` as JSON text."""

    invoice_id: str
    organization_id: str
    reference: int
    phase: str
    number: str | None
    series: str | None
    currency: str
    customer_id: str
    customer_name: str
    customer_tax_id: str | None
    issue_date: date | None
    due_date: date | None
    sent_at: datetime | None
    lines_net: int
    discount: int
    net: int
    vat: int
    gross: int
    paid: int
    credited: int
    balance: int
    credited_in_full: bool
    cancelled: bool
    base_currency: str | None
    exchange_rate: Decimal | None
    exchange_date: date | None
    vat_in_base: int | None
    gross_in_base: int | None
    exchange_difference: int | None
    reminders_held: bool
    last_reminder_step: int | None
    efactura_status: str
    efactura_index: str | None
    efactura_response_code: str | None
    order_id: str | None
    notes: str
    buyer_reference: str
    payment_reference: str
    payment_terms_days: int | None
    metadata: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int
    sort_keys: Sequence[str] = ()

    def status(self, today: date) -> Status:
        if self.phase != "sent" or self.due_date is None:
            return "discarded" if self.phase == "discarded" else "draft"
        return status_of(
            gross=self.gross,
            paid=self.paid,
            credited=self.credited,
            credited_in_full=self.credited_in_full,
            cancelled=self.cancelled,
            overdue=self.due_date < today,
        )

    def overdue(self, today: date) -> bool:
        """Something is left to pay after the due date, part-paid or not; due today is not overdue."""
        due = self.due_date if self.phase == "sent" else None
        return due is not None and due < today and self.balance > 0 and not self.credited_in_full


_NAMES: Final = [name for name in InvoiceRow._fields if name != "sort_keys"]
SELECT: Final = fixed(sql.SQL("SELECT {}").format(sql.SQL(", ").join(map(sql.Identifier, _NAMES))))
"""The columns of a row in its order, but for the keys that a page is sorted by."""
