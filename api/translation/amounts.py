"""Amounts and other numbers as the API writes them: text, and never an exponent."""

from decimal import Decimal
from functools import lru_cache

from invoicing_domain.model.money import Money, minor_digits


def amount(money: Money) -> str:
    return major(money.minor, money.currency)


@lru_cache(maxsize=1_024)
def major(minor: int, currency: str) -> str:
    """As `Money.decimal` says it. A page has hundreds of amounts, most of them nothing or like their neighbour."""
    digits = minor_digits(currency)
    if digits == 0:
        return str(minor)
    text = f"{minor:0{digits + 1 + (minor < 0)}d}"
    return f"{text[:-digits]}.{text[-digits:]}"


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros or exponent: `21`, `0.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
