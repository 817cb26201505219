"""What happened to a payment: money received once, spread over invoices, the rest the customer's credit."""

from dataclasses import dataclass
from datetime import date

from invoicing_domain.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    invoice_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Money came in on `date` (value date); `unallocated` is what no invoice took."""

    document: int
    """The small integer by which the organization knows the payment."""
    customer_id: str
    customer_name: str
    amount: Money
    date: date
    method: str
    reference: str
    note: str
    allocations: tuple[Allocation, ...]
    unallocated: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """Part of the customer's credit was given to invoices later, effective on `date`."""

    date: date
    allocations: tuple[Allocation, ...]
    unallocated: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed:
    """The payment turned out not to be one (bounced, entered by mistake); everything it paid is open again."""

    date: date
    reason: str
    allocations: tuple[Allocation, ...]
    unallocated: Money
    """Customer credit that vanished with it."""


PaymentFact = Recorded | Allocated | Reversed
