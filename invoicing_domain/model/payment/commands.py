"""What one may ask of a payment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
