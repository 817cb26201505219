"""What invoices, credit notes and proformas have in common for whoever prints them.

A credit note takes back, so its figures have a minus (Cod fiscal art. 330): they are turned here, once.
"""

from dataclasses import dataclass, replace
from typing import Final

from invoicing_domain.model.credit_note.amounts import charge_id
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.invoice.events import CreditedLine
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.model.vat import Charge, Totals, VatSubtotal

_TURNED: Final = ("lines_net", "discount", "net", "vat", "gross")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Lines, charges (with what they are for) and sums, all in one currency."""

    currency: str
    seller: Seller
    buyer: Buyer
    lines: tuple[Line, ...]
    charges: tuple[tuple[str, Money], ...]
    totals: Totals
    breakdown: tuple[VatSubtotal, ...]
    in_base: InBase | None = None


def of_invoice(invoice: Invoice, seller: Seller) -> Content:
    return Content(
        currency=invoice.currency,
        seller=seller,
        buyer=invoice.header.customer,
        lines=invoice.lines,
        charges=_named(invoice.header.charges, invoice.charge_amounts),
        totals=invoice.totals,
        breakdown=invoice.vat_breakdown,
        in_base=invoice.sent.in_base if invoice.sent else None,
    )


def of_proforma(proforma: Proforma, seller: Seller) -> Content:
    return Content(
        currency=proforma.header.currency,
        seller=seller,
        buyer=proforma.header.customer,
        lines=proforma.lines,
        charges=_named(proforma.header.charges, proforma.charge_amounts),
        totals=proforma.totals,
        breakdown=proforma.vat_breakdown,
    )


def of_credit_note(issued: Issued, invoice: Invoice) -> Content:
    """What the note takes back of the lines and charges of its invoice."""
    lines = {line.id: line for line in invoice.lines}
    charges = {charge_id(n): charge for n, charge in enumerate(invoice.header.charges, start=1)}
    return Content(
        currency=issued.currency,
        seller=issued.seller,
        buyer=issued.customer,
        lines=tuple(_taken_back(lines[one.line_id], one) for one in issued.lines if one.line_id in lines),
        charges=tuple((charges[one.line_id].description, -one.net) for one in issued.lines if one.line_id in charges),
        totals=Totals(**{name: -getattr(issued.totals, name) for name in _TURNED}),
        breakdown=tuple(replace(group, base=-group.base, vat=-group.vat) for group in issued.vat_breakdown),
        in_base=_turned(issued.in_base),
    )


def _named(charges: tuple[Charge, ...], amounts: tuple[Money, ...]) -> tuple[tuple[str, Money], ...]:
    return tuple((charge.description, amount) for charge, amount in zip(charges, amounts, strict=True))


def _taken_back(line: Line, credited: CreditedLine) -> Line:
    """A discount that is an amount belongs to the whole line; of a part, the net says enough."""
    discount = line.discount if line.discount is not None and line.discount.amount is None else None
    return replace(line, quantity=-credited.quantity, net=-credited.net, discount=discount)


def _turned(in_base: InBase | None) -> InBase | None:
    return None if in_base is None else replace(in_base, vat=-in_base.vat, gross=-in_base.gross)
