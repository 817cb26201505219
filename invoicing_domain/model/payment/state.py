"""A payment as the fold of its facts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.events import (
    Allocated,
    Allocation,
    Deallocated,
    PaymentFact,
    Recorded,
    ReferenceClaimed,
    Refunded,
    Reversed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Its amount is always what invoices hold, what is unallocated and what was refunded, until it is reversed."""

    recorded: Recorded
    allocations: tuple[Allocation, ...]
    unallocated: Money
    last_moved: date
    """Effective date of the newest movement, or of the payment itself."""
    free_since: date
    """Since when all that is unallocated has been so: nothing is given away before."""
    refunds: tuple[Refunded, ...] = ()
    reversed: Reversed | None = None

    @property
    def refunded(self) -> Money:
        return sum((one.amount for one in self.refunds), start=zero(self.unallocated.currency))


def evolve(state: Payment | None, fact: PaymentFact) -> Payment:
    if isinstance(fact, Recorded):
        return Payment(
            recorded=fact,
            allocations=fact.allocations,
            unallocated=fact.unallocated,
            last_moved=fact.date,
            free_since=fact.date,
        )
    if state is None:
        raise TypeError(f"a payment begins with Recorded, not with {type(fact).__name__}")
    moved = max(state.last_moved, fact.date)
    match fact:
        case Allocated():
            held = (*state.allocations, *fact.allocations)
            return replace(state, allocations=held, unallocated=fact.unallocated, last_moved=moved)
        case Deallocated():
            held = less(state.allocations, fact.allocations)
            free = max(state.free_since, fact.date)
            return replace(state, allocations=held, unallocated=fact.unallocated, last_moved=moved, free_since=free)
        case Refunded():
            refunds = (*state.refunds, fact)
            return replace(state, refunds=refunds, unallocated=fact.unallocated, last_moved=moved)
        case Reversed():
            return replace(state, allocations=(), unallocated=zero(state.unallocated.currency), reversed=fact)


def held_by_invoice(allocations: Sequence[Allocation]) -> dict[str, Money]:
    """What each invoice holds, in the order in which they first took something."""
    held: dict[str, Money] = {}
    for one in allocations:
        held[one.invoice_id] = held.get(one.invoice_id, zero(one.amount.currency)) + one.amount
    return held


def less(allocations: Sequence[Allocation], taken: Sequence[Allocation]) -> tuple[Allocation, ...]:
    """The allocations that are left, one an invoice, after `taken` was taken back."""
    held = held_by_invoice(allocations)
    for one in taken:
        held[one.invoice_id] -= one.amount
    return tuple(Allocation(invoice_id=invoice_id, amount=amount) for invoice_id, amount in held.items() if amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Which payment an outside reference stands for."""

    payment_id: str


def evolve_claim(_: Claim | None, fact: ReferenceClaimed) -> Claim:
    return Claim(payment_id=fact.payment_id)
