"""What is kept of words that others chose: nothing by which somebody is known, since it could not be erased there."""

import re
from collections.abc import Iterable
from typing import Final

ADDRESS: Final = re.compile(r"<?[^\s<>()\[\],;:\"'][^\s<>()\[\],;:\"]*@[^\s<>()\[\],;:\"']+>?")
"""An apostrophe may stand in a name, and around an address."""

LONGEST: Final = 300
_LOOKED_AT: Final = 1_000
"""Looking for addresses takes the square of it."""

_SHORTEST_NAME: Final = 3
_NOBODY: Final = "(the recipient)"


def discreet(text: str, reader: Iterable[str]) -> str:
    """The beginning of what a mail server says, without any address, and without the names and addresses of the reader.

    Nor what stands before their `@`, unless it is too short to be told from a word. All are found before they could be
    cut in two.
    """
    known_by = {part for one in reader for part in (one, one.rpartition("@")[0])}
    names = (one for one in known_by if len(one) >= _SHORTEST_NAME)
    named = (rf"(?<![\w.]){re.escape(one)}(?!\w)" for one in sorted(names, key=len, reverse=True))
    text = re.sub("|".join((ADDRESS.pattern, *named)), _NOBODY, text[:_LOOKED_AT], flags=re.IGNORECASE)
    return text[:LONGEST].strip()


def in_brief(error: Exception) -> str:
    """Its kind and its first line: in those below it, PostgreSQL quotes the row that it is about."""
    said = str(error).partition("\n")[0].replace("\x00", "")
    return f"{type(error).__name__}: {said}"
