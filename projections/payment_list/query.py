"""Reading payments."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

import msgspec
from psycopg import sql

from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.payment.events import Allocation
from projections.pages import Page, numbered_page, page_of
from projections.payment_list.project import decode_allocations
from projections.rows import Connection, fetch_one, like_anywhere

_SELECT: Final = sql.SQL(
    "SELECT payment_id, organization_id, reference, customer_id, customer_name, currency, amount, allocated,"
    " unallocated, paid_on, method, payment_reference, note, allocations AS allocations_json, reversed_on,"
    " reversal_reason, refunded, external_reference, exchange AS exchange_json, created_at, updated_at,"
    " version, position FROM read.payment_list"
)
_ONE: Final = sql.SQL(
    "{} WHERE organization_id = %(organization_id)s::uuid AND payment_id = %(payment_id)s::uuid"
).format(_SELECT)
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_exchange: Final = msgspec.json.Decoder(Exchange)

_CONDITIONS: Final[dict[str, sql.SQL]] = {
    "customer_id": sql.SQL("customer_id = %(customer_id)s"),
    "invoice_id": sql.SQL("allocations @> jsonb_build_array(jsonb_build_object('invoice_id', %(invoice_id)s::text))"),
    "currency": sql.SQL("currency = %(currency)s"),
    "method": sql.SQL("method = %(method)s"),
    "reference": sql.SQL("payment_reference = %(reference)s"),
    "external_reference": sql.SQL("external_reference = %(external_reference)s"),
    "paid_from": sql.SQL("paid_on >= %(paid_from)s"),
    "paid_to": sql.SQL("paid_on <= %(paid_to)s"),
}
_STATES: Final[dict[str, sql.SQL]] = {
    "open": sql.SQL("unallocated > 0"),
    "used": sql.SQL("unallocated = 0 AND reversed_on IS NULL"),
    "reversed": sql.SQL("reversed_on IS NOT NULL"),
    "live": sql.SQL("reversed_on IS NULL"),
}
_SOUGHT: Final = sql.SQL(
    "(method = %(sought_method)s OR payment_reference = %(sought)s OR external_reference = %(sought)s"
    " OR amount = %(sought_amount)s OR customer_name ILIKE %(sought_name)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Conditions that all hold. `invoice_id`: the invoice holds some of it now; `state` open: something is left."""

    customer_id: str | None = None
    invoice_id: str | None = None
    currency: str | None = None
    method: str | None = None
    reference: str | None = None
    external_reference: str | None = None
    paid_from: date | None = None
    paid_to: date | None = None
    state: Literal["open", "used", "reversed", "live"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody typed to find a payment: a reference or part of a name, a method, or an amount in minor units."""

    text: str
    method: str
    amount: int | None = None


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
    refunded: int
    external_reference: str | None
    exchange_json: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    position: int

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """What invoices hold of it now; empty once reversed."""
        return decode_allocations(self.allocations_json)

    @property
    def exchange(self) -> Exchange | None:
        """The rate of the day on which the money came."""
        return None if self.exchange_json is None else _exchange.decode(self.exchange_json)


_EVERYTHING: Final = PaymentFilter()


def list_payments(
    connection: Connection,
    organization_id: str,
    wanted: PaymentFilter = _EVERYTHING,
    *,
    customer_id: str | None = None,
    sort: str = "reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[PaymentRow]:
    if customer_id is not None:
        wanted = replace(wanted, customer_id=customer_id)
    conditions, arguments = _held(organization_id, wanted)
    return page_of(connection, PaymentRow, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after)


def numbered(
    connection: Connection,
    organization_id: str,
    wanted: PaymentFilter,
    sought: Sought | None = None,
    *,
    sort: str = "reference",
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[PaymentRow], int]:
    """A page by its number, and how many payments there are in all."""
    conditions, arguments = _held(organization_id, wanted)
    if sought is not None:
        text = sought.text.replace("\x00", "")
        conditions.append(_SOUGHT)
        arguments |= {
            "sought": text,
            "sought_name": like_anywhere(text),
            "sought_method": sought.method.replace("\x00", ""),
            "sought_amount": sought.amount,
        }
    return numbered_page(
        connection, PaymentRow, _SELECT, conditions, arguments, sort=sort, page=page, per_page=per_page
    )


def _held(organization_id: str, wanted: PaymentFilter) -> tuple[list[sql.Composable], dict[str, object]]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(condition)
            arguments[name] = value.replace("\x00", "") if isinstance(value, str) else value
    if wanted.state is not None:
        conditions.append(_STATES[wanted.state])
    return conditions, arguments


def get(connection: Connection, organization_id: str, payment_id: str) -> PaymentRow | None:
    return fetch_one(connection, PaymentRow, _ONE, {"organization_id": organization_id, "payment_id": payment_id})
