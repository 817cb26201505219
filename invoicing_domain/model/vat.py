"""VAT categories and the totals algebra of EN 16931 (BR-CO-10 to BR-CO-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from invoicing_domain.model.money import EXACT, Money, rounded_half_away_from_zero, zero

VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNCL 5305: standard, zero, exempt, reverse charge, intra-community, export, outside the scope."""


@dataclass(frozen=True, slots=True)
class Vat:
    """Category (BT-151) and rate in percent (BT-152); only category S has a rate above zero."""

    category: VatCategory
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Off a line (BG-27) or a document (BG-20): a percentage of the amount before, or an amount in major units."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSubtotal:
    """One group of the VAT breakdown (BG-23): taxable base (BT-116) and tax (BT-117)."""

    category: VatCategory
    rate: Decimal
    base: Money
    vat: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sum of line nets (BT-106), document discount (BT-107), net (BT-109), VAT (BT-110), gross (BT-112)."""

    lines_net: Money
    discount: Money
    net: Money
    vat: Money
    gross: Money


def discounted_net(quantity: Decimal, unit_price: Decimal, discount: Discount | None, currency: str) -> Money:
    """The net amount of a line (BT-131): price times quantity less the discount, rounded once."""
    with localcontext(EXACT):
        full = quantity * unit_price
        off = discount_of(discount, full) if discount else 0
        return rounded_half_away_from_zero(full - off, currency)


def discount_of(discount: Discount, base: Decimal) -> Decimal:
    """The exact amount that a discount takes off `base`."""
    if discount.percent is not None:
        return base * discount.percent / 100
    return discount.amount if discount.amount is not None else Decimal(0)


def totals_of(
    nets: Iterable[tuple[Vat, Money]], discount: Money | None, currency: str
) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of the line nets given; VAT is rounded once per category and rate (BR-CO-17)."""
    bases: dict[Vat, Money] = {}
    for vat, net in nets:
        bases[vat] = bases.get(vat, zero(currency)) + net
    off = discount if discount and bases else zero(currency)
    shares = spread(off, list(bases.values()))
    breakdown = tuple(subtotal(vat, base - share) for (vat, base), share in zip(bases.items(), shares, strict=True))
    return totals_from(breakdown, off, currency), tuple(sorted(breakdown, key=lambda s: (s.category, -s.rate)))


def subtotal(vat: Vat, base: Money) -> VatSubtotal:
    tax = rounded_half_away_from_zero(base.decimal * vat.rate / 100, base.currency)
    return VatSubtotal(category=vat.category, rate=vat.rate, base=base, vat=tax)


def totals_from(breakdown: Sequence[VatSubtotal], discount: Money, currency: str) -> Totals:
    """Totals that follow from a VAT breakdown: net is the sum of its bases, gross adds its taxes (BR-CO-15)."""
    net = sum((s.base for s in breakdown), start=zero(currency))
    vat = sum((s.vat for s in breakdown), start=zero(currency))
    return Totals(lines_net=net + discount, discount=discount, net=net, vat=vat, gross=net + vat)


def spread(amount: Money, weights: Sequence[Money]) -> list[Money]:
    """`amount` divided in proportion to `weights`, to the last minor unit (largest remainders first).

    Weights that cancel out have no proportion: the first one takes the whole, so that the sum holds here too.
    """
    whole = sum(w.minor for w in weights)
    if whole == 0:
        return [zero(amount.currency) if n else amount for n, _ in enumerate(weights)]
    shares = [amount.minor * w.minor // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -abs(amount.minor * weights[i].minor % whole))
    for i in by_remainder[: amount.minor - sum(shares)]:
        shares[i] += 1
    return [Money(share, amount.currency) for share in shares]
