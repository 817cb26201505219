"""Codes of the VATEX list for reasons why no VAT is due (BT-121), and which category each belongs to."""

from collections.abc import Iterable
from typing import Final

DEFAULT_CODES: Final = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""What these categories mean is their reason already; only E has to say which exemption it is."""


def _codes(family: str, members: Iterable[str]) -> Iterable[str]:
    return (f"VATEX-EU-{family}{member}" for member in members)


_EXEMPT: Final = frozenset(
    (
        *_codes("79-C", [""]),
        *_codes("132", ["", *(f"-1{letter}" for letter in "ABCDEFGHIJKLMNOPQ")]),
        *_codes("143", ["", *(f"-1{letter}" for letter in ("A", "B", "C", "D", "E", "F", "FA", *"GHIJKL"))]),
        *_codes("148", ["", *(f"-{letter}" for letter in "ABCDEFG")]),
        *_codes("151", ["", *(f"-1{letter}" for letter in ("A", "AA", *"BCDE"))]),
        *_codes("309", [""]),
        *_codes("", "DFIJ"),
    )
)


def codes_of(category: str) -> frozenset[str]:
    """The codes that may explain a category; none for those that need no explanation."""
    if category == "E":
        return _EXEMPT
    return frozenset({DEFAULT_CODES[category]}) if category in DEFAULT_CODES else frozenset()
