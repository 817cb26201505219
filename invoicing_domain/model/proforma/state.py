"""The proforma as the fold of its facts."""

from dataclasses import dataclass, replace
from typing import Literal

from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import Line, document_totals, net_of_lines
from invoicing_domain.model.money import Money
from invoicing_domain.model.proforma.events import (
    ProformaCancelled,
    ProformaDrafted,
    ProformaFact,
    ProformaInvoiced,
    ProformaSent,
)
from invoicing_domain.model.states import changed
from invoicing_domain.model.vat import Totals, VatSubtotal, charge_amounts

ProformaStatus = Literal["draft", "sent", "cancelled", "invoiced"]


@dataclass(frozen=True, kw_only=True)
class Proforma:
    """State of one proforma. It has no balance: nobody owes anything by it."""

    reference: int
    header: Header
    lines: tuple[Line, ...]
    sent: ProformaSent | None = None
    cancelled: ProformaCancelled | None = None
    invoice_id: str | None = None

    @property
    def status(self) -> ProformaStatus:
        if self.invoice_id is not None:
            return "invoiced"
        if self.cancelled is not None:
            return "cancelled"
        return "draft" if self.sent is None else "sent"

    @property
    def totals(self) -> Totals:
        """Totals as sent; for a draft, as they would be."""
        return self.sent.totals if self.sent else self._as_it_would_be()[0]

    @property
    def vat_breakdown(self) -> tuple[VatSubtotal, ...]:
        return self.sent.vat_breakdown if self.sent else self._as_it_would_be()[1]

    @property
    def charge_amounts(self) -> tuple[Money, ...]:
        """What each charge comes to, in the order of the header."""
        return charge_amounts(self.header.charges, net_of_lines(self.lines, self.header.currency))

    def _as_it_would_be(self) -> tuple[Totals, tuple[VatSubtotal, ...]]:
        return document_totals(self.lines, self.header.discount, self.header.currency, self.header.charges)


def evolve(state: Proforma | None, fact: ProformaFact) -> Proforma:
    if isinstance(fact, ProformaDrafted):
        return Proforma(reference=fact.reference, header=fact.header, lines=fact.lines)
    if state is None:
        raise TypeError(f"a proforma begins with ProformaDrafted, not with {type(fact).__name__}")
    match fact:
        case ProformaSent():
            return changed(state, sent=fact, header=replace(state.header, customer=fact.customer))
        case ProformaCancelled():
            return changed(state, cancelled=fact)
        case ProformaInvoiced():
            return changed(state, invoice_id=fact.invoice_id)
