"""Words of a text as they are stored and as they are asked for: lower case, without diacritics, in pieces and whole."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from projections.text import searchable

LONGEST_WORD: Final = 60
LONGEST_TEXT: Final = 20_000
MOST_WORDS_ASKED: Final = 12
SHORTEST_PREFIX: Final = 3

_CHUNK: Final = re.compile(r"[^\W_](?:\S*[^\W_])?")
_PIECE: Final = re.compile(r"[^\W_]+")
_PLAIN_WORD: Final = re.compile(r"[^\W\d_]{3,40}")
_AMOUNT: Final = re.compile(r"[0-9]{1,3}(?:[.,\u00a0][0-9]{3})*[.,][0-9]{1,3}|[0-9]+[.,][0-9]{1,3}")


def words_of(texts: Iterable[str | None]) -> set[str]:
    """Every chunk between blanks, and the letters and digits in it when it has signs inside."""
    text = searchable(" ".join(text for text in texts if text)[:LONGEST_TEXT])
    found: set[str] = set()
    for chunk in _CHUNK.findall(text):
        if len(chunk) <= LONGEST_WORD:
            found.add(chunk)
        if not chunk.isalnum():
            found.update(piece for piece in _PIECE.findall(chunk) if len(piece) <= LONGEST_WORD)
    return found


def plain_words(words: Iterable[str]) -> set[str]:
    """Those that a person may mistype: letters alone. Numbers are not guessed at."""
    return {word for word in words if _PLAIN_WORD.fullmatch(word)}


def vector(words: Iterable[str]) -> str:
    """As the text of a tsvector without positions."""
    return " ".join(_quoted(word) for word in sorted(words))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: all of the chunks must be found."""

    chunks: tuple[str, ...]

    @property
    def plain_words(self) -> list[str]:
        """Words that may be known, begun or mistyped."""
        return [piece for chunk in self.chunks for piece in _PIECE.findall(chunk) if _PLAIN_WORD.fullmatch(piece)]

    def query(self, meant: Mapping[str, Sequence[str]] | None = None) -> str:
        """As the text of a tsquery; words in `meant` stand for what they mean: themselves, or others too."""
        return " & ".join(f"({_either(chunk, meant or {})})" for chunk in self.chunks)


def asked(text: str) -> Asked:
    chunks = dict.fromkeys(_CHUNK.findall(searchable(text.replace("\x00", " "))))
    return Asked(tuple(chunk[:LONGEST_WORD] for chunk in list(chunks)[:MOST_WORDS_ASKED]))


def _either(chunk: str, meant: Mapping[str, Sequence[str]]) -> str:
    """The chunk as it is, as an amount, or all of its pieces."""
    options = [_prefix(chunk, meant)]
    if _AMOUNT.fullmatch(chunk):
        options.append(_quoted(amount_word(chunk)))
    pieces = _PIECE.findall(chunk)
    if pieces and pieces != [chunk]:
        options.append(f"({' & '.join(_prefix(piece, meant) for piece in pieces)})")
    return " | ".join(options)


def _prefix(word: str, meant: Mapping[str, Sequence[str]]) -> str:
    others = meant.get(word, ())
    if list(others) == [word]:
        return _quoted(word)
    beginning = f"{_quoted(word)}:*" if len(word) >= SHORTEST_PREFIX else _quoted(word)
    return f"({' | '.join([beginning, *map(_quoted, others)])})" if others else beginning


def amount_word(text: str) -> str:
    """`1.234,5` and `1,234.50` as `1234.5`: the last sign is the decimal one, zeros at the end say nothing."""
    whole, sign, digits = re.split(r"([.,])(?=[0-9]{1,3}$)", text, maxsplit=1)
    del sign
    return f"{re.sub(r'[^0-9]', '', whole)}.{digits}".rstrip("0").rstrip(".")


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
