"""Payment modes of the old dialect: their ids, what they are called, and the methods that they are here. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mode:
    id: str
    method: str
    name: str


MODES: Final = (
    Mode("1", "bank_transfer", "Transfer bancar"),
    Mode("2", "cash", "Numerar"),
    Mode("3", "card", "Card"),
    Mode("4", "compensation", "Compensare"),
)

_BY_ID: Final = {mode.id: mode for mode in MODES}
_BY_METHOD: Final = {mode.method: mode for mode in MODES}
_BY_NAME: Final = {mode.name.lower(): mode for mode in MODES}


def method_of(text: str) -> str:
    """The method behind an id or a name; a word that nobody foresaw (a gateway) is a method of its own."""
    found = _BY_ID.get(text) or _BY_NAME.get(text.lower())
    return text if found is None else found.method


def mode_id(method: str) -> str:
    found = _BY_METHOD.get(method)
    return method if found is None else found.id


def mode_name(method: str) -> str:
    found = _BY_METHOD.get(method)
    return method if found is None else found.name
