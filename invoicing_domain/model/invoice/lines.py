"""Lines of an invoice: what is asked for, and what is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypedDict

from invoicing_domain.model.money import Money, rounded_half_away_from_zero, zero
from invoicing_domain.model.vat import Discount, Totals, Vat, VatSubtotal, discount_of, discounted_net, totals_of

DEFAULT_UNIT: Final = "H87"
"""UN/ECE Recommendation 20: piece."""

MAX_LINES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """A line as somebody asks for it (BG-25); the unit price is net, in major units (BT-146)."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    unit: str = DEFAULT_UNIT
    discount: Discount | None = None
    details: str = ""


class LineChanges(TypedDict, total=False):
    """What to change on a line; an absent key stays as it is."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    unit: str
    discount: Discount | None
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as recorded, with its net amount (BT-131) in the currency of the invoice."""

    id: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    net: Money
    unit: str = DEFAULT_UNIT
    discount: Discount | None = None
    details: str = ""


def priced(line_id: str, wanted: LineInput, currency: str) -> Line:
    return Line(
        id=line_id,
        description=wanted.description,
        details=wanted.details,
        quantity=wanted.quantity,
        unit=wanted.unit,
        unit_price=wanted.unit_price,
        discount=wanted.discount,
        vat=wanted.vat,
        net=discounted_net(wanted.quantity, wanted.unit_price, wanted.discount, currency),
    )


def as_input(line: Line) -> LineInput:
    return LineInput(
        description=line.description,
        details=line.details,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount=line.discount,
        vat=line.vat,
    )


def document_totals(
    lines: Sequence[Line], discount: Discount | None, currency: str
) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of a document with these lines and this document discount."""
    nets = [(line.vat, line.net) for line in lines]
    if discount is None:
        return totals_of(nets, None, currency)
    lines_net = sum((net for _, net in nets), start=zero(currency))
    return totals_of(nets, rounded_half_away_from_zero(discount_of(discount, lines_net.decimal), currency), currency)
