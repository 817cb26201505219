"""Quantities, prices and percentages: decimals with declared scale and size, read from text."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Scale:
    """How many digits a kind of number may have before and after the point."""

    name: str
    whole: int
    decimals: int
    negative: bool = False

    @property
    def pattern(self) -> str:
        """The rule as a regular expression, for schemas of request bodies."""
        # [0-9], because the class of digits has those of every script
        sign = "-?" if self.negative else ""
        return rf"^{sign}(0|[1-9][0-9]{{0,{self.whole - 1}}})(\.[0-9]{{1,{self.decimals}}})?$"


AMOUNT: Final = Scale("amount", whole=13, decimals=3)
SIGNED_AMOUNT: Final = Scale("amount", whole=13, decimals=3, negative=True)
QUANTITY: Final = Scale("quantity", whole=9, decimals=6, negative=True)
UNIT_PRICE: Final = Scale("unit price", whole=12, decimals=6)
PERCENT: Final = Scale("percentage", whole=3, decimals=2)


def decimal_of(text: str, scale: Scale) -> Decimal:
    """The number written in `text`; raises ValueError for exponents, separators, signs or digits beyond the scale."""
    if not re.fullmatch(scale.pattern, text):
        limits = f"at most {scale.whole} digits before and {scale.decimals} after the point"
        raise ValueError(f"{text!r} is not a plain decimal number for a {scale.name} ({limits})")
    return Decimal(text)
