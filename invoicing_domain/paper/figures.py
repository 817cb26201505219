"""Figures on paper: aligned in columns, in the way of the reader's language, with a minus that is one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from invoicing_domain.model.amounts import QUANTITY, UNIT_PRICE
from invoicing_domain.model.money import Money, minor_digits
from invoicing_domain.model.party import Language

_LOCALES: Final[Mapping[Language, str]] = {"ro": "ro_RO", "en": "en_GB"}
_PERCENT_SIGNS: Final[Mapping[Language, str]] = {"ro": "\u00a0%", "en": "%"}


def amount(money: Money, language: Language) -> str:
    """1.234,50: the currency is said once, above the column."""
    digits = minor_digits(money.currency)
    return _decimal(money.decimal, digits, digits, language)


def price(value: Decimal, currency: str, language: Language) -> str:
    """At least the decimals of the currency, and all that the price has."""
    return _decimal(value, minor_digits(currency), UNIT_PRICE.decimals, language)


def quantity(value: Decimal, language: Language) -> str:
    return _decimal(value, 0, QUANTITY.decimals, language)


def percent(value: Decimal, language: Language) -> str:
    """21 % in Romanian, 21% in English."""
    return _decimal(value, 0, 2, language) + _PERCENT_SIGNS[language]


def rate(value: Decimal, language: Language) -> str:
    """An exchange rate, with the four decimals of BNR or more."""
    return _decimal(value, 4, 10, language)


def _decimal(value: Decimal, least: int, most: int, language: Language) -> str:
    decimals = "." + "0" * least + "#" * (most - least) if most else ""
    return format_decimal(value, format=f"#,##0{decimals}", locale=_LOCALES[language]).replace("-", "\u2212")
