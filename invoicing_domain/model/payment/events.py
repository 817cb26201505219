"""What happened to a payment: money received once, spread over invoices, the rest the customer's credit."""

from dataclasses import dataclass
from datetime import date

from invoicing_domain.model.exchange.events import Exchange
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
    external_reference: str = ""
    """By which the outside (gateway, till, bank) knows it: with the method, recorded once."""
    exchange: Exchange | None = None
    """The rate of `date`, when the money is not in the currency of the books."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deallocated:
    """Money was taken from invoices again (wrong match), effective on `date`; the customer's credit grew by it."""

    date: date
    reason: str
    allocations: tuple[Allocation, ...]
    """What was taken, invoice by invoice."""
    unallocated: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """Money that no invoice holds went back to the customer."""

    date: date
    amount: Money
    method: str
    reference: str
    reason: str
    unallocated: Money


PaymentFact = Recorded | Allocated | Deallocated | Refunded | Reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceClaimed:
    """The first fact of a stream named after an outside reference: this payment is what it stands for."""

    payment_id: str
    method: str
    external_reference: str
