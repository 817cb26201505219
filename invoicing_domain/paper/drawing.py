"""Drawings that may stand on papers for ever: SVG of shapes alone, which runs nothing and asks nobody for anything.

What is let in is listed, since nobody can list what programs that show SVG will make of the rest.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

MOST_ELEMENTS: Final = 5000
DEEPEST: Final = 50

_SVG: Final = "http://www.w3.org/2000/svg"
_STYLE: Final = f"{_SVG} style"
_DECLARATIONS: Final = ("-//W3C//DTD SVG ", "http://www.w3.org/")
"""How the declarations begin that old editors name: of no entities. Other ones may make letters of them anywhere."""

_SHAPES: Final = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "metadata"}
    | {"defs", "clipPath", "linearGradient", "radialGradient", "stop", "style"}
)
_NOTES_OF_EDITORS: Final = frozenset(
    {
        "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
        "http://www.inkscape.org/namespaces/inkscape",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://creativecommons.org/ns#",
        "http://web.resource.org/cc/",
        "http://purl.org/dc/elements/1.1/",
    }
)
"""Whose elements draw nothing and do nothing."""

_LEADS_AWAY: Final = re.compile(r"(?:src|image|image-set)\s*\(|url\s*\(\s*+(?![\"']?#)", re.IGNORECASE)
"""A reference that is not to a part of the same drawing."""

_NO_MERE_LOOK: Final = re.compile(r"[@\\]|/\*|filter\s*:", re.IGNORECASE)
"""In styles: imports, what escapes and comments would hide, and filters, which cost any amount of memory."""


class UnfitDrawing(ValueError):  # noqa: N818 - names what was met
    """The message says what is wrong with the drawing."""


def check(content: bytes) -> None:
    """Raises UnfitDrawing for anything but shapes."""
    try:
        _Reader().parser.Parse(content, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise UnfitDrawing(f"it is not whole: {error}") from None


class _Reader:
    """Callbacks of one parse."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._open: list[str] = []
        self._style: list[str] = []
        self._elements = 0

    def _doctype(self, _name: str, system: str | None, public: str | None, declares: int) -> None:
        if declares:
            raise UnfitDrawing("it declares entities")
        if system is not None and not all(map(str.startswith, (public or "", system), _DECLARATIONS)):
            raise UnfitDrawing(f"its parts are declared elsewhere: {system[:60]}")

    def _instruction(self, target: str, _data: str) -> None:
        raise UnfitDrawing(f"it has an instruction for other programs: {target}")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        self._open.append(name)
        if self._elements > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise UnfitDrawing(f"it has more than {MOST_ELEMENTS} parts, or nests them deeper than {DEEPEST}")
        namespace, _, local = name.rpartition(" ")
        if _STYLE in self._open[:-1]:
            raise UnfitDrawing(f"it has a {local} within a style")
        if self._elements == 1 and name != f"{_SVG} svg":
            raise UnfitDrawing("it is no SVG")
        if namespace not in _NOTES_OF_EDITORS and (namespace != _SVG or local not in _SHAPES):
            raise UnfitDrawing(f"it has a {local}, and shapes alone are printed (turn text into paths)")
        for qualified, value in attributes.items():
            _check_attribute(qualified, value)

    def _text(self, text: str) -> None:
        if self._open[-1:] == [_STYLE]:
            self._style.append(text)

    def _end(self, name: str) -> None:
        """A style is looked at as a whole: the parser hands it over in pieces, between which anything may be cut."""
        self._open.pop()
        if name == _STYLE:
            _check_style("".join(self._style))
            self._style.clear()


def _check_attribute(qualified: str, value: str) -> None:
    namespace, _, name = qualified.rpartition(" ")
    if name.lower().startswith("on") or name in {"filter", "base"}:
        raise UnfitDrawing(f"it has an attribute {name}, and shapes alone are printed")
    escapes = not namespace and "\\" in value  # those of styles hold in colours, too; editors note their own paths
    if (name == "href" and not value.startswith("#")) or escapes or _LEADS_AWAY.search(value):
        raise UnfitDrawing(f"it leads to something outside of itself: {value[:60]}")
    if name == "style":
        _check_style(value)


def _check_style(style: str) -> None:
    found = _NO_MERE_LOOK.search(style) or _LEADS_AWAY.search(style)
    if found:
        raise UnfitDrawing(f"its styles do more than colour shapes: {found[0]}")
