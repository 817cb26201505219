"""Text that read models share: JSON of domain values, and text made comparable for searching."""

import unicodedata
from collections.abc import Iterable
from typing import Final

import orjson

from invoicing_domain.recording.codec import to_plain

LONGEST_SEARCH_TEXT: Final = 20_000
"""Characters kept for searching; an invoice of a thousand lines is found by its first ones."""


def to_json(value: object) -> str:
    """JSON of a domain value, written as facts are: decimals as text."""
    return orjson.dumps(value, default=to_plain).decode()


def searchable(text: str) -> str:
    """Lower case without diacritics: what is typed as `stefan` finds `Ștefan`."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def search_text(parts: Iterable[str | None]) -> str:
    return searchable(" ".join([part for part in parts if part])[:LONGEST_SEARCH_TEXT])
