"""Reading payments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from psycopg import sql

from invoicing_domain.model.payment.events import Allocation
from projections.pages import Page, page_of
from projections.payment_list.project import decode_allocations
from projections.rows import Connection, fetch_one

_SELECT: Final = sql.SQL(
    "SELECT payment_id, organization_id, reference, customer_id, customer_name, currency, amount, allocated,"
    " unallocated, paid_on, method, payment_reference, note, allocations AS allocations_json, reversed_on,"
    " reversal_reason, created_at, updated_at, version, position FROM read.payment_list"
)
_ONE: Final = sql.SQL(
    "{} WHERE organization_id = %(organization_id)s::uuid AND payment_id = %(payment_id)s::uuid"
).format(_SELECT)
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_OF_CUSTOMER: Final = sql.SQL("customer_id = %(customer_id)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One payment; amounts in minor units of `currency`. `reference` is the small integer, not the payer's text."""

    payment_id: str
    organization_id: str
    reference: int
    customer_id: str
    customer_name: str
    currency: str
    amount: int
    allocated: int
    unallocated: int
    paid_on: date
    method: str
    payment_reference: str
    note: str
    allocations_json: str
    reversed_on: date | None
    reversal_reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    position: int

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """What invoices hold of it now; empty once reversed."""
        return decode_allocations(self.allocations_json)


def list_payments(
    connection: Connection,
    organization_id: str,
    *,
    customer_id: str | None = None,
    sort: str = "reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[PaymentRow]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    if customer_id is not None:
        conditions.append(_OF_CUSTOMER)
        arguments["customer_id"] = customer_id
    return page_of(connection, PaymentRow, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after)


def get(connection: Connection, organization_id: str, payment_id: str) -> PaymentRow | None:
    return fetch_one(connection, PaymentRow, _ONE, {"organization_id": organization_id, "payment_id": payment_id})
