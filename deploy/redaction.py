"""What must never stand in a log, taken out of every line: tokens, passwords, IBANs, CNPs, e-mail addresses.

Nobody should write them there in the first place; this is for what comes along in the message of an error.
"""

import re
import unicodedata
from typing import Final

LONGEST_TEXT: Final = 2_000
LONGEST_TRACE: Final = 10_000

_RULES: Final = tuple(
    (re.compile(pattern, re.ASCII), instead)
    for pattern, instead in (
        (r"izv_[0-9a-f]{8}_[A-Za-z0-9_-]{20,}", "[token]"),
        (r"(?i)\b(bearer|authtoken:?)\s+[^\s,;'\"]{8,}", r"\1 [token]"),
        (r"(://[^\s:/@]{1,100}):[^\s/@]{1,200}@", r"\1:[password]@"),
        (r"(?i)\b(password=)\S{1,200}", r"\1[password]"),
        (r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", "[e-mail]"),
        (r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b", "[iban]"),
        (r"\b[1-9][0-9]{12}\b", "[cnp]"),
        # How PostgreSQL tells of a row that it cannot take: with everything that is in it.
        (r"(?s)\b(DETAIL|CONTEXT): .{0,9000}?(?=\n\n|\nTraceback|\Z)", r"\1: [row]"),
    )
)


def redacted(text: str) -> str:
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def one_line(text: str, longest: int = LONGEST_TEXT) -> str:
    """Redacted, cut, and with every sign escaped that could end a line or steer a terminal."""
    return "".join(_shown(sign) for sign in cut(redacted(text), longest))


def cut(text: str, longest: int) -> str:
    """Shortened in the middle: the beginning says what it is, the end what went wrong."""
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]}[... {len(text) - longest} more ...]{text[-longest // 2 :]}"


def _shown(sign: str) -> str:
    if sign.isprintable():
        return sign
    if unicodedata.category(sign) == "Zs":
        return " "
    return sign.encode("unicode_escape").decode()
