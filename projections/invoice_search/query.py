"""Finding invoices: by what they are called, then by what their number begins with, then by their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from psycopg import sql

from projections.invoice_search.words import Asked, Meant, Span, asked
from projections.matching import Matching
from projections.rows import Connection, check_limit, fetch, fetch_one

Match = Literal["exact", "number", "words", "similar"]

MOST_IDS: Final = 2_500
"""Up to so many invoices a filter names them; more are common words, which are met soon in nearly any order."""

MOST_CUSTOMERS: Final = 5_000
"""So many are read, once for each word of theirs; beyond, words are met soon in the order of names, too."""

LOOKED_AT: Final = 1_000
COMMON_FROM: Final = 10
"""Words that so many of the newest invoices have are common: reading which others have them would take longer."""

NOBODY: Final = "00000000-0000-0000-0000-000000000000"

_BIGGEST: Final = 2**63 - 1
_CALLED: Final = sql.SQL("""
SELECT invoice_id FROM read.invoice_search
WHERE organization_id = %(organization_id)s::uuid
  AND (number = %(number)s OR order_id = %(order_id)s OR reference = %(reference)s)
ORDER BY number = %(number)s DESC NULLS LAST, reference DESC LIMIT %(limit)s
""")
_BEGINNING: Final = sql.SQL("""
SELECT invoice_id FROM read.invoice_search
WHERE organization_id = %(organization_id)s::uuid AND number >= %(number)s AND number < %(behind)s
ORDER BY number LIMIT %(limit)s
""")
_WITH: Final = sql.SQL("""
SELECT invoice_id
FROM read.invoices_with(%(organization_id)s::uuid, %(words)s::tsquery, %(limit)s, %(newest)s) AS invoice_id
""")
_AMONG_NEWEST: Final = sql.SQL("""
SELECT count(*) FILTER (WHERE words @@ %(words)s::tsquery) AS total
FROM (SELECT words FROM read.invoice_search WHERE organization_id = %(organization_id)s::uuid
      ORDER BY reference DESC LIMIT %(looked_at)s) AS newest
""")
_MEANT: Final = sql.SQL("""
SELECT typed, word FROM read.words_meant(%(organization_id)s::uuid, %(words)s)
""")
_CONTAINING: Final = sql.SQL("""
SELECT typed, word FROM read.words_containing(%(organization_id)s::uuid, %(words)s)
""")
_SPANS: Final = sql.SQL("""
unnest(%(first)s::text[], %(last)s::text[], %(chunk)s::integer[]) AS span (first, last, chunk)
CROSS JOIN LATERAL (SELECT customer_key FROM read.invoice_word
    WHERE organization_id = %(organization_id)s::uuid AND customer_key <> ''
      AND word >= span.first AND word <= span.last OFFSET 0) AS w
""")
_HAVING: Final = sql.SQL("""
SELECT w.customer_key AS name FROM {}
WHERE %(among)s::text[] IS NULL OR w.customer_key = ANY(%(among)s) LIMIT %(most)s
""").format(_SPANS)
_RARITY: Final = sql.SQL("""
SELECT (SELECT count(*) FROM (SELECT FROM {} WHERE span.chunk = one.chunk LIMIT %(most)s) AS counted) AS total
FROM generate_series(1, %(chunks)s) AS one (chunk) ORDER BY one.chunk
""").format(_SPANS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An invoice, and how it was found."""

    invoice_id: str
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """For a filter: the invoices themselves, or what their words must match when there are too many to name."""

    ids: tuple[str, ...] = ()
    matching: Matching | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Id:
    invoice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    typed: str
    word: str


def search(connection: Connection, organization_id: str, text: str, *, limit: int = 25) -> list[Hit]:
    """The best first; within a kind the newest first. Raises ValueError for a bad limit."""
    most = check_limit(limit)
    found: dict[str, Match] = {}
    called = text.replace("\x00", "").strip()
    arguments = _names(organization_id, called, most)
    _note(found, fetch(connection, _Id, _CALLED, arguments), "exact")
    if called and len(found) < most:
        _note(found, fetch(connection, _Id, _BEGINNING, arguments), "number")
    wanted = asked(text)
    if wanted.chunks and len(found) < most:
        meant = _meant(connection, organization_id, wanted)
        guessed = any(words != [typed] for typed, words in meant.items())
        arguments |= {"words": wanted.anywhere(meant), "newest": True}
        _note(found, fetch(connection, _Id, _WITH, arguments), "similar" if guessed else "words")
    return [Hit(invoice_id=one, match=match) for one, match in list(found.items())[:most]]


def narrowed(connection: Connection, organization_id: str, text: str, *, inside_words: bool = False) -> Found | None:
    """What a filter of the list needs to let through what is found; None when there is nothing in the text.

    Words are found by their beginnings, with `inside_words` by any part of them. Signs alone are found nowhere.
    """
    wanted = asked(text)
    if not wanted.chunks:
        return Found(ids=(NOBODY,)) if text.replace("\x00", " ").strip() else None
    meant = _meant(connection, organization_id, wanted, _CONTAINING if inside_words else _MEANT)
    words, elsewhere = wanted.anywhere(meant), wanted.partly_elsewhere(meant)
    customers = _customers(connection, organization_id, wanted.spans(meant))
    if _are_common(connection, organization_id, elsewhere if customers else words):
        return Found(matching=Matching(words, elsewhere))
    if customers:
        return Found(matching=Matching(words, elsewhere, customers))
    arguments = {"organization_id": organization_id, "words": words, "limit": MOST_IDS + 1, "newest": False}
    ids = tuple(one.invoice_id for one in fetch(connection, _Id, _WITH, arguments))
    return Found(ids=ids or (NOBODY,)) if len(ids) <= MOST_IDS else Found(matching=Matching(words, elsewhere))


def _are_common(connection: Connection, organization_id: str, words: str) -> bool:
    """Whether so many invoices have these words that they are met soon in any order."""
    arguments = {"organization_id": organization_id, "words": words, "looked_at": LOOKED_AT}
    newest = fetch_one(connection, _Count, _AMONG_NEWEST, arguments)
    return newest is not None and newest.total >= COMMON_FROM


def _names(organization_id: str, called: str, most: int) -> dict[str, object]:
    number = called.upper()
    digits = called.isascii() and called.isdigit() and len(called) < len(str(_BIGGEST)) and called[0] != "0"
    return {
        "organization_id": organization_id,
        "number": number,
        "behind": f"{number}\U0010ffff",
        "order_id": called.lower(),
        "reference": int(called) if digits else None,
        "limit": most,
    }


def _customers(connection: Connection, organization_id: str, chunks: list[list[Span]]) -> tuple[str, ...]:
    """The names of all who have all of the words, and maybe some others; nobody, when they are too many to tell."""
    names: tuple[str, ...] = ()
    for spans in _rarest_first(connection, organization_id, chunks):
        arguments = {**_parts(organization_id, [spans]), "among": list(names) or None}
        found = fetch(connection, _Name, _HAVING, arguments)
        if len(found) > MOST_CUSTOMERS:
            break
        names = tuple({one.name for one in found})
        if len(names) <= 1:
            break
    return names


def _rarest_first(connection: Connection, organization_id: str, chunks: list[list[Span]]) -> list[list[Span]]:
    """By how many customers have one of the words that it may be found by."""
    if len(chunks) == 1:
        return chunks
    counts = fetch(connection, _Count, _RARITY, {**_parts(organization_id, chunks), "chunks": len(chunks)})
    return [spans for _, spans in sorted(zip(counts, chunks, strict=True), key=lambda one: one[0].total)]


def _parts(organization_id: str, chunks: list[list[Span]]) -> dict[str, object]:
    first, last, chunk = zip(*((*span, at) for at, spans in enumerate(chunks, 1) for span in spans), strict=True)
    return {
        "organization_id": organization_id,
        "first": list(first),
        "last": list(last),
        "chunk": list(chunk),
        "most": MOST_CUSTOMERS + 1,
    }


def _meant(connection: Connection, organization_id: str, wanted: Asked, others: sql.SQL = _MEANT) -> Meant:
    """For the words that others stand for which: themselves alone, when they are known."""
    meant: dict[str, list[str]] = {}
    if wanted.plain_words:
        arguments = {"organization_id": organization_id, "words": wanted.plain_words}
        for one in fetch(connection, _Meaning, others, arguments):
            meant.setdefault(one.typed, []).append(one.word)
    return meant


def _note(found: dict[str, Match], ids: Iterable[_Id], match: Match) -> None:
    for one in ids:
        found.setdefault(one.invoice_id, match)
