"""Codes of the old dialect: currencies, countries, statuses and units, and what they are called here. Pure."""

from collections.abc import Mapping
from typing import Final

from invoicing_domain.model.invoice.status import Status
from invoicing_domain.model.reference.currencies import MINOR_DIGITS

HOME_CURRENCY: Final = "1"
"""The first row of the old currencies table: the organization's own."""

STATUS_CODES: Final[Mapping[Status, str]] = {
    "sent": "1",
    "paid": "2",
    "partially_paid": "3",
    "overdue": "4",
    "cancelled": "5",
    "credited": "5",
    "draft": "6",
    "discarded": "5",
}

_NUMERIC: Final[Mapping[str, str]] = dict(
    pair.split(":")
    for pair in [
        "AED:784",
        "ALL:8",
        "AMD:51",
        "AUD:36",
        "AZN:944",
        "BAM:977",
        "BGN:975",
        "BHD:48",
        "BRL:986",
        "CAD:124",
        "CHF:756",
        "CLP:152",
        "CNY:156",
        "CZK:203",
        "DKK:208",
        "EGP:818",
        "EUR:978",
        "GBP:826",
        "GEL:981",
        "HKD:344",
        "HUF:348",
        "ILS:376",
        "INR:356",
        "IQD:368",
        "ISK:352",
        "JOD:400",
        "JPY:392",
        "KRW:410",
        "KWD:414",
        "KZT:398",
        "MAD:504",
        "MDL:498",
        "MKD:807",
        "MXN:484",
        "MYR:458",
        "NOK:578",
        "NZD:554",
        "OMR:512",
        "PHP:608",
        "PLN:985",
        "RON:946",
        "RSD:941",
        "SAR:682",
        "SEK:752",
        "SGD:702",
        "THB:764",
        "TND:788",
        "TRY:949",
        "TWD:901",
        "UAH:980",
        "UGX:800",
        "USD:840",
        "UZS:860",
        "VND:704",
        "XAF:950",
        "XOF:952",
        "ZAR:710",
    ]
)
"""ISO 4217 numbers, without leading zeros."""

_BY_NUMBER: Final[Mapping[str, str]] = {number: code for code, number in _NUMERIC.items()}

_SYMBOLS: Final[Mapping[str, str]] = {"RON": "lei", "EUR": "€", "USD": "$", "GBP": "£"}

_UNITS: Final[Mapping[str, str]] = {
    word: code
    for code, words in {
        "H87": "buc buc. bucata bucată bucati bucăți pcs pc piece pieces unit units",
        "HUR": "ora oră ore h hour hours hrs",
        "DAY": "zi zile day days",
        "MON": "luna lună luni month months",
        "ANN": "an ani year years",
        "KGM": "kg kilogram kilograms",
        "TNE": "t tona tonă tone",
        "MTR": "m metru metri",
        "KMT": "km",
        "MTK": "mp m2 m²",
        "MTQ": "mc m3 m³",
        "LTR": "l litru litri",
        "SET": "set seturi",
    }.items()
    for word in words.split()
}
"""Words that people write for units, and their codes in UN/ECE Recommendation 20."""


_CODES: Final = frozenset(_UNITS.values()) | frozenset(
    ["C62", "KWH", "MIN", "GRM", "CMT", "MMT", "HLT", "XBX", "XPK", "XPP", "XRO", "E48"]
)


def currency_of(text: str, home: str) -> str | None:
    """The ISO code behind an id, a code or a number of ISO 4217; None for what is none of them."""
    if text == HOME_CURRENCY:
        return home
    if text.isascii() and text.isdigit():
        return _BY_NUMBER.get(text.lstrip("0"))
    code = text.upper()
    return code if code in MINOR_DIGITS else None


def currency_id(code: str, home: str) -> str:
    return HOME_CURRENCY if code == home else _NUMERIC.get(code, code)


def symbol_of(code: str) -> str:
    return _SYMBOLS.get(code, code)


def statuses_of(code: str) -> tuple[Status, ...]:
    """The statuses behind a code; none for a code that does not exist."""
    return tuple(status for status, known in STATUS_CODES.items() if known == code and status != "discarded")


def unit_of(word: str) -> str | None:
    """The code of UN/ECE Recommendation 20 for a word or a code; None for a word nobody foresaw."""
    return word if word in _CODES else _UNITS.get(word.lower())
