"""Pictures that may stand on papers for ever: small, of a kind and size that can be printed without surprise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from invoicing_domain.paper import drawing

LARGEST_BYTES: Final = 512 * 1024
LONGEST_SIDE: Final = 2000
"""In pixels: 60 mm at more than 800 dots an inch, and no picture that unpacks to more than it seems."""

Format = Literal["png", "jpg", "svg"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
FORMATS: Final[Mapping[str, Format]] = {media_type: name for name, media_type in MEDIA_TYPES.items()}

_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG: Final = b"\xff\xd8\xff"
_COMMON_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN: Final = 0xDA
_FRAME_BYTES: Final = 6
_BITS: Final = 8
_GREY_OR_COLOURS: Final = frozenset({1, 3})


class UnfitPicture(ValueError):  # noqa: N818 - names what was met
    """The message says what is wrong with the picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was checked."""

    format: Format
    content: bytes = field(repr=False)


def checked(content: bytes) -> Picture:
    """What can be told without drawing it: format, by what it is and not by what it is called; size. UnfitPicture."""
    if len(content) > LARGEST_BYTES:
        raise UnfitPicture(f"a logo has at most {LARGEST_BYTES // 1024} KiB")
    if content.startswith(_PNG):
        _check_sides(int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
        return Picture("png", content)
    if content.startswith(_JPEG):
        _check_jpeg(content)
        return Picture("jpg", content)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        try:
            drawing.check(content)
        except drawing.UnfitDrawing as unfit:
            raise UnfitPicture(f"the SVG cannot be a logo: {unfit}") from None
        return Picture("svg", content)
    raise UnfitPicture("a logo is a PNG, a JPEG or an SVG")


def _check_sides(width: int, height: int) -> None:
    if max(width, height) > LONGEST_SIDE:
        raise UnfitPicture(f"a logo has at most {LONGEST_SIDE} pixels a side, not {width} x {height}")


def _check_jpeg(content: bytes) -> None:
    for kind, segment in _segments(content):
        if kind in _FRAMES and len(segment) >= _FRAME_BYTES:
            if kind not in _COMMON_FRAMES or segment[0] != _BITS or segment[5] not in _GREY_OR_COLOURS:
                raise UnfitPicture("a JPEG on papers is grey or RGB, of 8 bits: save this one anew, not as CMYK")
            _check_sides(int.from_bytes(segment[3:5]), int.from_bytes(segment[1:3]))
            return
    raise UnfitPicture("the JPEG is damaged: it has no frame")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments before the picture proper: what each is, and what it holds."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - begins every segment
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if kind == _SCAN:
            return
        yield kind, content[at + 4 : at + 2 + length]
        at += 2 + length
