"""Text that read models share: JSON of domain values, and text made comparable for searching."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import orjson

from invoicing_domain.recording.codec import to_plain

LONGEST_SEARCH_TEXT: Final = 20_000
"""Characters kept for searching; an invoice of a thousand lines is found by its first ones."""

_DIACRITICS: Final = re.compile("[\u0300-\u036f]+")


def to_json(value: object) -> str:
    """JSON of a domain value, written as facts are: decimals as text."""
    return orjson.dumps(value, default=to_plain).decode()


def searchable(text: str) -> str:
    """Lower case without diacritics: what is typed as `stefan` finds `Ștefan`."""
    if text.isascii():
        return text.lower()
    return _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def search_text(parts: Iterable[str | None]) -> str:
    return searchable(" ".join([part for part in parts if part])[:LONGEST_SEARCH_TEXT])
