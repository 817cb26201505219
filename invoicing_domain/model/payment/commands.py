"""What one may ask of a payment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationWish:
    """Give an invoice `amount` (major units), or with None as much as it and the payment allow."""

    invoice_id: StreamId
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment:
    payment_id: StreamId
    document: int
    customer_id: str
    customer_name: str
    amount: Money
    date: date
    method: str
    reference: str = ""
    note: str = ""
    allocations: tuple[AllocationWish, ...] = ()
    external_reference: str = ""
    """Recorded once per organization, method and reference; empty: nobody outside names it."""
    exchange: GivenRate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatePayment:
    payment_id: StreamId
    date: date
    allocations: tuple[AllocationWish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment:
    payment_id: StreamId
    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeallocatePayment:
    """Take money from invoices again; without an amount: all that the invoice holds of the payment."""

    payment_id: StreamId
    date: date
    reason: str
    allocations: tuple[AllocationWish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment:
    """Give money back that no invoice holds; with None all of it. `amount` is in major units."""

    payment_id: StreamId
    date: date
    method: str
    reason: str
    reference: str = ""
    amount: Decimal | None = None
