"""Lines of an invoice: what is asked for, and what is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypedDict

from invoicing_domain.model.money import Money, rounded_half_away_from_zero, rounded_quotient, zero
from invoicing_domain.model.vat import (
    Charge,
    Discount,
    Exemption,
    Totals,
    Vat,
    VatSubtotal,
    charge_amounts,
    discount_of,
    discounted_net,
    totals_of,
)

DEFAULT_UNIT: Final = "H87"
"""UN/ECE Recommendation 20: piece."""

MAX_LINES: Final = 1000

PRICE_DECIMALS: Final = 6
"""How exactly a net price is written down that follows from a price with VAT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """A line as somebody asks for it (BG-25); the unit price is in major units, net (BT-146) unless said otherwise.

    With `price_includes_vat`, price and discount are meant with VAT. With `rate_by_law`, the rate is not taken from
    `vat` but from the table of rates: the standard rate in force on the tax point.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    unit: str = DEFAULT_UNIT
    discount: Discount | None = None
    details: str = ""
    price_includes_vat: bool = False
    rate_by_law: bool = False
    exemption: Exemption | None = None


class LineChanges(TypedDict, total=False):
    """What to change on a line; an absent key stays as it is."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    unit: str
    discount: Discount | None
    details: str
    price_includes_vat: bool
    rate_by_law: bool
    exemption: Exemption | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as recorded, with its net amount (BT-131) in the currency of the invoice.

    `gross_price` is the unit price as it was given, if with VAT: `unit_price` is then the net one to 6 decimals, and
    a discount that is an amount has VAT inside too.
    """

    id: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    vat: Vat
    net: Money
    unit: str = DEFAULT_UNIT
    discount: Discount | None = None
    details: str = ""
    gross_price: Decimal | None = None
    rate_by_law: bool = False
    exemption: Exemption | None = None


def priced(line_id: str, wanted: LineInput, currency: str) -> Line:
    price, rate = wanted.unit_price, wanted.vat.rate
    included = wanted.price_includes_vat
    return Line(
        id=line_id,
        description=wanted.description,
        details=wanted.details,
        quantity=wanted.quantity,
        unit=wanted.unit,
        unit_price=rounded_quotient(100 * price, 100 + rate, PRICE_DECIMALS) if included else price,
        gross_price=price if included else None,
        discount=wanted.discount,
        vat=wanted.vat,
        rate_by_law=wanted.rate_by_law,
        exemption=wanted.exemption,
        net=discounted_net(wanted.quantity, price, wanted.discount, currency, rate if included else None),
    )


def as_input(line: Line) -> LineInput:
    return LineInput(
        description=line.description,
        details=line.details,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price if line.gross_price is None else line.gross_price,
        price_includes_vat=line.gross_price is not None,
        discount=line.discount,
        vat=line.vat,
        rate_by_law=line.rate_by_law,
        exemption=line.exemption,
    )


def document_totals(
    lines: Sequence[Line], discount: Discount | None, currency: str, charges: Sequence[Charge] = ()
) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of a document with these lines, this document discount and these charges."""
    nets = [(line.vat, line.net) for line in lines]
    if discount is None and not charges:
        return totals_of(nets, None, currency)
    lines_net = net_of_lines(lines, currency)
    off = None if discount is None else rounded_half_away_from_zero(discount_of(discount, lines_net.decimal), currency)
    amounts = charge_amounts(charges, lines_net)
    return totals_of(nets, off, currency, [(c.vat, amount) for c, amount in zip(charges, amounts, strict=True)])


def net_of_lines(lines: Sequence[Line], currency: str) -> Money:
    return sum((line.net for line in lines), start=zero(currency))
