"""Texts of people as they can be printed: letters that the fonts have, and nothing invisible that leads astray."""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, Final

from invoicing_domain.wording import TURNING

MISSING: Final = "\u25a1"
"""Stands for a letter that our fonts do not have: archival PDF has no way to show what it has no shape for."""

_LONGEST_WORD: Final = 32
_BREAK: Final = "\u200b"


def printable(said: Any) -> Any:
    """The same, with every text in it as it can be printed."""
    match said:
        case str():
            return _printable(said)
        case dict():
            return {name: printable(value) for name, value in said.items()}
        case list() | tuple():
            return [printable(value) for value in said]
        case _:
            return said


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable() and len(text) < _LONGEST_WORD:
        return text
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(_shape(char) for char in composed if char not in TURNING)
    return " ".join(_breakable(word) for word in shown.split(" "))


def _shape(char: str) -> str:
    if char in _covered() or char == "\n":
        return char
    if char == "\t":
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} else MISSING


def _breakable(word: str) -> str:
    """A word that no column could hold may go on in the next line."""
    return _BREAK.join(word[start : start + _LONGEST_WORD] for start in range(0, len(word), _LONGEST_WORD))


@cache
def _covered() -> frozenset[str]:
    """The letters of our fonts: ranges of code points, which `fonts/coverage.txt` lists."""
    letters: set[str] = set()
    for line in files(__package__).joinpath("fonts/coverage.txt").read_text().split():
        first, _, last = line.partition("-")
        letters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(letters)
