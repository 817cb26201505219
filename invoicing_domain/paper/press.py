"""The press: a sheet becomes a PDF/A-3 that says the same to eyes, screen readers and programs.

The same sheet at the same instant gives the same bytes. What people wrote is text to the press, whatever it looks like.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any, Final, cast

import msgspec
import segno
import typst

from invoicing_domain.paper.picture import Picture
from invoicing_domain.paper.printable import printable
from invoicing_domain.paper.sheet import Code, Sheet

MEDIA_TYPE: Final = "application/pdf"

_HOME: Final = files(__package__)
_TEMPLATES: Final = _HOME.joinpath("templates")
_STANDARDS: Final = ("a-3a", "ua-1")

_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the PDF that says the same as its pages, such as the invoice as XML."""

    name: str
    media_type: str
    content: bytes
    description: str


class Press:
    """Safe to share between threads, which take turns. Fonts are read at first use."""

    def __init__(self) -> None:
        self._turn = Lock()

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HOME.joinpath("fonts"))]
        )
        return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts)

    def pdf(
        self, sheet: Sheet, at: datetime, *, logo: Picture | None = None, attachment: Attachment | None = None
    ) -> bytes:
        """Print. `at` is the instant that the document says it was made; `logo` is one that `can_print` approved."""
        said = {
            "sheet": printable(msgspec.to_builtins(sheet)),
            "code": _code(sheet.payment.code if sheet.payment else None),
            "logo": None if logo is None else _drawn(logo),
            "attachment": None if attachment is None else _attached(attachment),
        }
        return self._print("document.typ", said, at)

    def can_print(self, logo: Picture) -> bool:
        """Whether a logo will not stand in the way of a document."""
        try:
            self._print("picture.typ", _drawn(logo), _ANY_TIME)
        except typst.TypstError:
            return False
        return True

    def _print(self, template: str, data: Any, at: datetime) -> bytes:
        with self._turn:
            pdf = self._compiler.compile(
                str(_TEMPLATES.joinpath(template)),
                format="pdf",
                sys_inputs={"data": msgspec.json.encode(data).decode()},
                pdf_standards=list(_STANDARDS),
                timestamp=int(at.timestamp()),
            )
        return cast("bytes", pdf)


def _drawn(picture: Picture) -> dict[str, Any]:
    return {"format": picture.format, "content": list(picture.content)}


def _code(code: Code | None) -> dict[str, str | None] | None:
    """As a drawing, dark on nothing."""
    if code is None:
        return None
    drawn = BytesIO()
    segno.make(code.payload, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, omitsize=True)
    return {"svg": drawn.getvalue().decode(), "link": code.payload if code.is_link else None}


def _attached(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "content": list(attachment.content),
        "description": attachment.description,
    }
