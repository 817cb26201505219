"""Words of a text as they are stored and as they are asked for: lower case, without diacritics, in pieces and whole.

A word that an invoice has in its customer's name or address and nowhere else is stored with a mark: which customers
have it is known, and their invoices are looked for apart from those that have the word somewhere else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from projections.text import searchable

LONGEST_WORD: Final = 60
LONGEST_TEXT: Final = 20_000
MOST_WORDS_ASKED: Final = 12
"""With all that each may mean they have to fit in the megabyte of a tsquery."""

SHORTEST_PREFIX: Final = 3

LAST: Final = "\U0010ffff"
"""Sorts behind every letter."""

OF_CUSTOMER: Final = "~"
"""The mark; no word begins with it."""

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


def vector(words: Iterable[str], of_customer: Iterable[str] = ()) -> str:
    """As the text of a tsvector without positions."""
    elsewhere = set(words)
    marked = {f"{OF_CUSTOMER}{word}" for word in of_customer if word not in elsewhere}
    return " ".join(_quoted(word) for word in sorted(elsewhere | marked))


Span = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is looked for: whole, or as the beginning of one."""

    word: str
    is_beginning: bool = False

    @property
    def span(self) -> Span:
        return self.word, f"{self.word}{LAST}" if self.is_beginning else self.word

    def elsewhere(self) -> str:
        return _sought(self.word, self.is_beginning)

    def anywhere(self) -> str:
        return f"{self.elsewhere()} | {_sought(f'{OF_CUSTOMER}{self.word}', self.is_beginning)}"


Meant = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: all of the chunks must be found."""

    chunks: tuple[str, ...]

    @property
    def plain_words(self) -> list[str]:
        """Words that may be known, begun or mistyped."""
        pieces = [piece for chunk in self.chunks for piece in _PIECE.findall(chunk) if _PLAIN_WORD.fullmatch(piece)]
        return list(dict.fromkeys(pieces))

    def anywhere(self, meant: Meant) -> str:
        """As the text of a tsquery. Words in `meant` stand for what they mean: themselves, or others too."""
        return " & ".join(f"({_either(chunk, meant)})" for chunk in self.chunks)

    def partly_elsewhere(self, meant: Meant) -> str:
        """The same, where an invoice has some of it elsewhere than in its customer's name and address."""
        terms = dict.fromkeys(term.elsewhere() for chunk in self.chunks for term in _all_terms(chunk, meant))
        return f"({self.anywhere(meant)}) & ({' | '.join(terms)})"

    def spans(self, meant: Meant) -> list[list[Span]]:
        """Whoever has all of it has a word within each of these: from which to which, both included.

        A chunk that is not found whole is found by all of its pieces, so by any of them.
        """
        found: list[list[Span]] = []
        for chunk in self.chunks:
            whole = [*_terms(chunk, meant), *_as_amount(chunk)]
            each = [(*whole, *_terms(piece, meant)) for piece in _PIECE.findall(chunk)]
            found += [list(dict.fromkeys(term.span for term in terms)) for terms in each]
        return found


def asked(text: str) -> Asked:
    chunks = dict.fromkeys(_CHUNK.findall(searchable(text.replace("\x00", " "))))
    return Asked(tuple(_begun(chunks, MOST_WORDS_ASKED)))


def _begun(chunks: Iterable[str], left: int) -> Iterator[str]:
    """The first chunks that have so many pieces together, the last of them maybe without its end.

    An amount without its end would be another one.
    """
    for chunk in chunks:
        ends = [piece.end() for piece in _PIECE.finditer(chunk[:LONGEST_WORD])]
        if not left or (len(ends) > left and _AMOUNT.fullmatch(chunk)):
            return
        yield chunk[: ends[:left][-1]]
        left -= len(ends[:left])


def _either(chunk: str, meant: Meant) -> str:
    """The chunk as it is, as an amount, or all of its pieces."""
    options = [_any_of(chunk, meant), *(term.anywhere() for term in _as_amount(chunk))]
    pieces = _PIECE.findall(chunk)
    if pieces and pieces != [chunk]:
        options.append(f"({' & '.join(f'({_any_of(piece, meant)})' for piece in pieces)})")
    return " | ".join(options)


def _any_of(word: str, meant: Meant) -> str:
    return " | ".join(term.anywhere() for term in _terms(word, meant))


def _all_terms(chunk: str, meant: Meant) -> Iterator[Term]:
    """What the chunk and its pieces are looked for as."""
    for part in dict.fromkeys((chunk, *_PIECE.findall(chunk))):
        yield from _terms(part, meant)
    yield from _as_amount(chunk)


def _as_amount(chunk: str) -> Iterator[Term]:
    if _AMOUNT.fullmatch(chunk):
        yield Term(amount_word(chunk))


def _terms(word: str, meant: Meant) -> Iterator[Term]:
    """What a word is looked for as; one that is known is not taken for the beginning of others."""
    others = meant.get(word, ())
    if list(others) != [word]:
        yield Term(word, is_beginning=len(word) >= SHORTEST_PREFIX)
    yield from map(Term, others)


def amount_word(text: str) -> str:
    """`1.234,5` and `1,234.50` as `1234.5`: the last sign is the decimal one, zeros at the end say nothing."""
    whole, sign, digits = re.split(r"([.,])(?=[0-9]{1,3}$)", text, maxsplit=1)
    del sign
    return f"{re.sub(r'[^0-9]', '', whole)}.{digits}".rstrip("0").rstrip(".")


def _sought(word: str, is_beginning: bool) -> str:
    return f"{_quoted(word)}:*" if is_beginning else _quoted(word)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
