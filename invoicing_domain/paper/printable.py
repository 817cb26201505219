"""Texts of people as they can be printed: letters that the fonts have, and nothing invisible that leads astray."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from invoicing_domain.wording import TURNING

MISSING: Final = "\u25a1"
"""Stands for a letter that our fonts do not have: archival PDF has no way to show what it has no shape for."""

_LONGEST_WORD: Final = 32
_BREAK: Final = "\u200b"

_MAIN: Final = 2
"""The bit of the first font, which has MISSING."""
_ALL: Final = -1

_LOOKS: Final = frozenset(
    map(chr, (0x20E3, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0xE0100, 0xE01F0)))
)
"""Which look a letter is to take: that of a key, of a picture, with which colour of skin."""

_MARKS_BY_USE: Final = frozenset("\uff9e\uff9f")
"""The sound marks of narrow katakana: no marks by their category."""


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


def unprintable(texts: Iterable[str]) -> str:
    """The letters of texts that have no shape, each once."""
    odd = (text for text in texts if not _ordinary().issuperset(text))
    return "".join(dict.fromkeys(char for text in odd for char, shown in _shapes(text) if shown == MISSING != char))


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable() and len(text) < _LONGEST_WORD:
        return text
    shown = "".join(shape for _, shape in _shapes(text))
    return " ".join(_breakable(word) for word in shown.split(" "))


def _shapes(text: str) -> Iterator[tuple[str, str]]:
    """Each letter, and what stands for it. A mark is printed if the font of what it stands on has it."""
    fonts_of, font = _fonts_of(), _MAIN
    for char in unicodedata.normalize("NFC", text.replace("\t", " ")):
        if char == "\n":
            font = _MAIN
            yield char, char
        elif _says_nothing(char):
            yield char, ""
        else:
            fonts = fonts_of.get(char, 0) & (font if _is_mark(char) else _ALL)
            font = fonts & -fonts or _MAIN
            yield char, char if fonts else MISSING


def _says_nothing(char: str) -> bool:
    """What has no shape and needs none: which way to read is for the layout to know."""
    return char in TURNING or char in _LOOKS or unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}


def _is_mark(char: str) -> bool:
    return char != "" and (unicodedata.category(char).startswith("M") or char in _MARKS_BY_USE)


def _breakable(word: str) -> str:
    """A word that no column could hold may go on in the next line, but no mark without what it stands on."""
    pieces, start = [], 0
    while start < len(word):
        end = start + _LONGEST_WORD
        while _is_mark(word[end : end + 1]):
            end += 1
        pieces.append(word[start:end])
        start = end
    return _BREAK.join(pieces)


@cache
def _ordinary() -> frozenset[str]:
    """Letters that are printed wherever they stand."""
    return frozenset(char for char in _fonts_of() if not _is_mark(char)) | {"\n", "\t"}


@cache
def _fonts_of() -> Mapping[str, int]:
    """Which fonts have a letter, a bit for each; `fonts/coverage.txt` lists them with their ranges of code points."""
    letters: dict[str, int] = {}
    font = 1
    for line in files(__package__).joinpath("fonts/coverage.txt").read_text().splitlines():
        if line.startswith("#"):
            font <<= 1
            continue
        for one in line.split():
            first, _, last = one.partition("-")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                letters[chr(code)] = letters.get(chr(code), 0) | font
    return letters
