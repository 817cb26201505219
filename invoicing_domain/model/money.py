"""Money, and the only place where an amount is rounded."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from invoicing_domain.model.reference.currencies import MINOR_DIGITS

EXACT: Final = Context(prec=80)
"""Wide enough for a quantity times a price times a percentage: nothing is rounded before the one rounding."""

LARGEST_MINOR: Final = 10**15
"""No single amount is larger: a thousand of them still fit the 64 bits that JSON and PostgreSQL give an integer."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (bani, cents) of one currency. Arithmetic across currencies raises ValueError."""

    minor: int
    currency: str

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal:f} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the digits of the currency: `Decimal("236.00")`."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))


def zero(currency: str) -> Money:
    return Money(0, currency)


def minor_digits(currency: str) -> int:
    """How many decimals the currency has; raises ValueError for a code that is not a currency."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is not a currency code of ISO 4217 that is in use") from None


def rounded_half_away_from_zero(amount: Decimal, currency: str) -> Money:
    """The one door from exact arithmetic to money: half a minor unit goes away from zero."""
    scaled = amount.scaleb(minor_digits(currency), EXACT).to_integral_value(rounding=ROUND_HALF_UP)
    return Money(int(scaled), currency)


def share_of(amount: Money, part: Decimal | int, whole: Decimal | int) -> Money:
    """`amount * part / whole`, rounded like everything else; a quotient has no last digit to keep, hence fractions."""
    return Money(_half_away_from_zero(amount.minor * Fraction(part) / Fraction(whole)), amount.currency)


def rounded_quotient(amount: Decimal, divisor: Decimal, decimals: int) -> Decimal:
    """`amount / divisor` to so many decimals, rounded like money; exact until then."""
    return Decimal(_half_away_from_zero(Fraction(amount) / Fraction(divisor) * 10**decimals)).scaleb(-decimals)


def _half_away_from_zero(value: Fraction) -> int:
    up = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return up if value > 0 else -up


def exact(amount: Decimal, currency: str) -> Money:
    """Money for an amount that somebody stated; raises ValueError when it has more decimals than the currency."""
    money = rounded_half_away_from_zero(amount, currency)
    if money.decimal != amount:
        raise ValueError(f"{amount:f} has more than {minor_digits(currency)} decimals, which {currency} does not have")
    return money


def least(first: Money, second: Money) -> Money:
    return min(first, second)
