"""Requests that cannot be taken as they are: which field, and why."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from invoicing_domain.model.party_checks import Fault
from invoicing_domain.requests.texts import WORDS

_PATH: Final = re.compile(r" - at (?:`key` in )?`\$(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_UNKNOWN: Final = re.compile(r"unknown field `(?P<field>[^`]*)`|missing required field `(?P<missing>[^`]*)`")


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with one field; `pointer` is a JSON pointer into the body, or the name of a query parameter."""

    pointer: str
    code: str
    detail: str


class Misread(Exception):  # noqa: N818 - names what was met
    """Fields that cannot be taken as they are."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.pointer or 'the body'}: {error.detail}" for error in errors))
        self.errors = errors


def misread(pointer: str, detail: str, code: str = "invalid") -> Misread:
    """One field that cannot be taken as it is."""
    return Misread(FieldError(pointer=pointer, code=code, detail=detail))


def refuse(faults: Iterable[Fault], pointer: str = "") -> None:
    """Refuse a party with faults, all of them at once; nothing when it has none."""
    errors = [FieldError(pointer=f"{pointer}/{one.field}", code=one.code, detail=one.detail) for one in faults]
    if errors:
        raise Misread(*errors)


def misfit(text: str) -> FieldError:
    """The words of the decoder about a body that does not fit its type, as the field that is wrong."""
    found = _PATH.search(text)
    pointer = _pointer(found["path"]) if found else ""
    detail = text[: found.start()] if found else text
    named = _UNKNOWN.search(detail)
    code = "invalid"
    if named:
        code = "unknown_field" if named["field"] is not None else "missing"
        pointer += _step(named["missing"] or named["field"] or "")
    for pattern, words in WORDS.items():
        if repr(pattern) in detail:
            detail = f"Expected {words}"
    return FieldError(pointer=pointer, code=code, detail=detail)


def _pointer(path: str) -> str:
    steps = [name or index for name, index in _STEP.findall(path.replace("[...]", ""))]  # some value of a map
    return "".join(map(_step, steps))


def _step(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
