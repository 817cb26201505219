"""Entity tags: `"9-1f3a9c2b"` names the version of a document, and what an answer says of it.

The version alone would not do for reading: an invoice becomes overdue overnight, and a customer owes more, without a
fact about either. For writing it is all that counts, so `If-Match` takes the version with or without the rest.
"""

import re
from hashlib import sha256
from typing import Final

_DIGEST_CHARS: Final = 8
_TAG: Final = re.compile(r'"(\d{1,18})(?:-[0-9a-f]{8})?"')
_LISTED: Final = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(version: int, body: bytes) -> str:
    """The tag of an answer that reads a document."""
    return f'"{version}-{sha256(body).hexdigest()[:_DIGEST_CHARS]}"'


def version_in(tag: str) -> int | None:
    """The version that a tag names; None when it is not one of ours."""
    found = _TAG.fullmatch(tag.strip())
    return None if found is None else int(found[1])


def has(if_none_match: str, tag: str) -> bool:
    """Whether somebody who lists these tags has the answer already (RFC 9110, section 13.1.2)."""
    return if_none_match.strip() == "*" or tag in _LISTED.findall(if_none_match)
