"""Pictures that may stand on papers for ever: small, of a kind and size that can be printed without surprise."""

from typing import Final

MEDIA_TYPE: Final = "image/png"
LARGEST_BYTES: Final = 512 * 1024
LONGEST_SIDE: Final = 2000
"""In pixels: 60 mm at more than 800 dots an inch, and no picture that unpacks to more than it seems."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = b"\x00\x00\x00\rIHDR"


class UnfitPicture(ValueError):  # noqa: N818 - names what was met
    """The message says what is wrong with the picture."""


def check(content: bytes) -> None:
    """What can be told without unpacking it. Raises UnfitPicture."""
    if len(content) > LARGEST_BYTES:
        raise UnfitPicture(f"a logo has at most {LARGEST_BYTES // 1024} KiB")
    if not content.startswith(_SIGNATURE + _HEADER) or len(content) < len(_SIGNATURE + _HEADER) + 8:
        raise UnfitPicture("a logo is a PNG")
    start = len(_SIGNATURE + _HEADER)
    width, height = (int.from_bytes(content[at : at + 4]) for at in (start, start + 4))
    if max(width, height) > LONGEST_SIDE:
        raise UnfitPicture(f"a logo has at most {LONGEST_SIDE} pixels a side, not {width} x {height}")
