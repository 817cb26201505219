"""A payment as the fold of its facts."""

from dataclasses import dataclass, replace
from datetime import date

from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.events import Allocated, Allocation, PaymentFact, Recorded, Reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    recorded: Recorded
    allocations: tuple[Allocation, ...]
    unallocated: Money
    last_moved: date
    """Effective date of the newest allocation, or of the payment itself."""
    reversed: Reversed | None = None


def evolve(state: Payment | None, fact: PaymentFact) -> Payment:
    if isinstance(fact, Recorded):
        return Payment(recorded=fact, allocations=fact.allocations, unallocated=fact.unallocated, last_moved=fact.date)
    if state is None:
        raise TypeError(f"a payment begins with Recorded, not with {type(fact).__name__}")
    if isinstance(fact, Allocated):
        return replace(
            state,
            allocations=(*state.allocations, *fact.allocations),
            unallocated=fact.unallocated,
            last_moved=max(state.last_moved, fact.date),
        )
    return replace(state, allocations=(), unallocated=zero(state.unallocated.currency), reversed=fact)
