"""A credit note as the fold of its facts."""

from dataclasses import dataclass, replace
from datetime import date

from invoicing_domain.model.credit_note.events import (
    Applied,
    CreditNoteFact,
    CreditRefunded,
    DocumentProduced,
    EmailBounced,
    Emailed,
    EmailFailed,
    EmailRequested,
    Issued,
    Unapplied,
)
from invoicing_domain.model.document import Document
from invoicing_domain.model.mailing import Mails, told
from invoicing_domain.model.money import Money, zero
from invoicing_domain.model.payment.events import Allocation
from invoicing_domain.model.payment.state import less


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """Its gross is always what invoices hold, what is unapplied and what was refunded."""

    issued: Issued
    allocations: tuple[Allocation, ...]
    unapplied: Money
    last_moved: date
    free_since: date
    """Since when all that is unapplied has been so: nothing is given away before."""
    refunds: tuple[CreditRefunded, ...] = ()
    document: Document | None = None
    mails: Mails = Mails()

    @property
    def refunded(self) -> Money:
        return sum((one.amount for one in self.refunds), start=zero(self.unapplied.currency))

    @property
    def applied(self) -> Money:
        return sum((one.amount for one in self.allocations), start=zero(self.unapplied.currency))

    @property
    def is_open(self) -> bool:
        """Something is left to apply or to pay out."""
        return bool(self.unapplied)


def evolve(state: CreditNote | None, fact: CreditNoteFact) -> CreditNote:
    if isinstance(fact, Issued):
        own = Allocation(invoice_id=fact.invoice_id, amount=fact.applied)
        return CreditNote(
            issued=fact,
            allocations=(own,) if fact.applied else (),
            unapplied=fact.unapplied,
            last_moved=fact.issue_date,
            free_since=fact.issue_date,
        )
    if state is None:
        raise TypeError(f"a credit note begins with Issued, not with {type(fact).__name__}")
    if isinstance(fact, DocumentProduced):
        return replace(state, document=fact.document)
    if isinstance(fact, EmailRequested | Emailed | EmailFailed | EmailBounced):
        return replace(state, mails=told(state.mails, fact))
    moved = max(state.last_moved, fact.date)
    match fact:
        case Applied():
            held = (*state.allocations, *fact.allocations)
            return replace(state, allocations=held, unapplied=fact.unapplied, last_moved=moved)
        case Unapplied():
            held = less(state.allocations, fact.allocations)
            free = max(state.free_since, fact.date)
            return replace(state, allocations=held, unapplied=fact.unapplied, last_moved=moved, free_since=free)
        case CreditRefunded():
            refunds = (*state.refunds, fact)
            return replace(state, refunds=refunds, unapplied=fact.unapplied, last_moved=moved)
