"""VAT categories and the totals algebra of EN 16931 (BR-CO-10 to BR-CO-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from invoicing_domain.model.money import (
    EXACT,
    Money,
    minor_digits,
    rounded_half_away_from_zero,
    rounded_quotient,
    zero,
)

VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNCL 5305: standard, zero, exempt, reverse charge, intra-community, export, outside the scope."""


@dataclass(frozen=True, slots=True)
class Vat:
    """Category (BT-151) and rate in percent (BT-152); only category S has a rate above zero."""

    category: VatCategory
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Why no VAT is due: a text (BT-120), a code of the VATEX list (BT-121), or both."""

    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Off a line (BG-27) or a document (BG-20): a percentage of the amount before, or an amount in major units."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """On top of a document (BG-21), such as transport: a percentage of the lines, or an amount in major units.

    With `rate_by_law` the rate follows the table of rates, like that of a line.
    """

    description: str
    vat: Vat
    percent: Decimal | None = None
    amount: Decimal | None = None
    exemption: Exemption | None = None
    rate_by_law: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSubtotal:
    """One group of the VAT breakdown (BG-23): taxable base (BT-116) and tax (BT-117)."""

    category: VatCategory
    rate: Decimal
    base: Money
    vat: Money
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sum of line nets (BT-106), document discount (BT-107), net (BT-109), VAT (BT-110), gross (BT-112)."""

    lines_net: Money
    discount: Money
    net: Money
    vat: Money
    gross: Money

    @property
    def charges(self) -> Money:
        """Sum of the document charges (BT-108), as BR-CO-13 has it."""
        return self.net + self.discount - self.lines_net


def discounted_net(
    quantity: Decimal,
    unit_price: Decimal,
    discount: Discount | None,
    currency: str,
    rate_included: Decimal | None = None,
) -> Money:
    """The net amount of a line (BT-131): price times quantity less the discount, rounded once.

    With `rate_included`, price and discount have VAT of that rate inside, which is taken out in the same rounding.
    """
    with localcontext(EXACT):
        full = quantity * unit_price
        left = full - (discount_of(discount, full) if discount else 0)
        if rate_included is None:
            return rounded_half_away_from_zero(left, currency)
        net = rounded_quotient(100 * left, 100 + rate_included, minor_digits(currency))
        return rounded_half_away_from_zero(net, currency)


def discount_of(discount: Discount, base: Decimal) -> Decimal:
    """The exact amount that a discount takes off `base`."""
    if discount.percent is not None:
        return base * discount.percent / 100
    return discount.amount if discount.amount is not None else Decimal(0)


def charge_amounts(charges: Iterable[Charge], lines_net: Money) -> tuple[Money, ...]:
    """What each charge adds to a document whose lines come to `lines_net` (BT-99)."""
    with localcontext(EXACT):
        exact = [_exact_charge(charge, lines_net.decimal) for charge in charges]
    return tuple(rounded_half_away_from_zero(amount, lines_net.currency) for amount in exact)


def _exact_charge(charge: Charge, lines_net: Decimal) -> Decimal:
    if charge.percent is not None:
        return lines_net * charge.percent / 100
    return charge.amount if charge.amount is not None else Decimal(0)


def totals_of(
    nets: Iterable[tuple[Vat, Money]],
    discount: Money | None,
    currency: str,
    charges: Sequence[tuple[Vat, Money]] = (),
) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of the line nets given; VAT is rounded once per category and rate (BR-CO-17).

    The discount is spread over the groups in proportion to their lines; a charge belongs to one group.
    """
    lines: dict[Vat, Money] = {}
    for vat, net in nets:
        lines[vat] = lines.get(vat, zero(currency)) + net
    off = discount if discount and lines else zero(currency)
    shares = spread(off, list(lines.values()))
    bases = {vat: base - share for (vat, base), share in zip(lines.items(), shares, strict=True)}
    for vat, amount in charges:
        bases[vat] = bases.get(vat, zero(currency)) + amount
    breakdown = tuple(subtotal(vat, base) for vat, base in bases.items())
    added = sum((amount for _, amount in charges), start=zero(currency))
    totals = totals_from(breakdown, off, currency, added)
    return totals, tuple(sorted(breakdown, key=lambda s: (s.category, -s.rate)))


def subtotal(vat: Vat, base: Money) -> VatSubtotal:
    tax = rounded_half_away_from_zero(base.decimal * vat.rate / 100, base.currency)
    return VatSubtotal(category=vat.category, rate=vat.rate, base=base, vat=tax)


def totals_from(
    breakdown: Sequence[VatSubtotal], discount: Money, currency: str, charges: Money | None = None
) -> Totals:
    """Totals that follow from a VAT breakdown: net is the sum of its bases, gross adds its taxes (BR-CO-15)."""
    net = sum((s.base for s in breakdown), start=zero(currency))
    vat = sum((s.vat for s in breakdown), start=zero(currency))
    lines_net = net + discount - (charges or zero(currency))
    return Totals(lines_net=lines_net, discount=discount, net=net, vat=vat, gross=net + vat)


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
