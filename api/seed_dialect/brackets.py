"""PHP's bracket keys (`newitems[0][qty]`, `taxname[]`) to nested structures, within hard limits. Pure.

PHP itself mends a malformed key in silence; here it is an error that names the key.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

Node = str | None | list["Node"] | dict[str, "Node"]
"""A structure of texts: what forms and JSON bodies are both brought to."""

MAX_KEYS: Final = 5_000
MAX_DEPTH: Final = 6
LONGEST_KEY: Final = 500

_KEY: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}")


class BadKeyError(ValueError):
    """A key that cannot be taken; `key` is the text of the client, cut short."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key[:80]}: {reason}")
        self.key = key[:80]
        self.reason = reason


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Node]:
    """Maps within maps; `[]` takes the next index. The same key twice: the last one counts, as in PHP."""
    tree: dict[str, Node] = {}
    following: dict[int, int] = {}
    for count, (key, value) in enumerate(pairs, start=1):
        if count > MAX_KEYS:
            raise BadKeyError(key, f"a form has at most {MAX_KEYS} keys")
        place = tree
        *path, last = _segments(key)
        for segment in path:
            below = place.setdefault(_named(segment, place, following), {})
            if not isinstance(below, dict):
                raise BadKeyError(key, "is given both as a value and with brackets")
            place = below
        name = _named(last, place, following)
        if isinstance(place.get(name), dict):
            raise BadKeyError(key, "is given both as a value and with brackets")
        place[name] = value
    return tree


def in_order(node: Node) -> Node:
    """A map whose keys are all indexes as the list that it stands for, ordered by index; anything else as it is."""
    if isinstance(node, dict) and all(_INDEX.fullmatch(key) for key in node):
        return [node[key] for key in sorted(node, key=int)]
    return node


def _segments(key: str) -> list[str]:
    found = _KEY.fullmatch(key) if len(key) <= LONGEST_KEY else None
    if found is None:
        raise BadKeyError(key, "is not a key such as name, name[], name[0][part]")
    segments = [found[1], *found[2][1:-1].split("][")] if found[2] else [found[1]]
    if len(segments) > MAX_DEPTH:
        raise BadKeyError(key, f"is nested deeper than {MAX_DEPTH}")
    return segments


def _named(segment: str, place: Mapping[str, Node], following: dict[int, int]) -> str:
    """The segment itself, or for `[]` the index after the highest one so far (kept by identity of the place)."""
    following_here = following.get(id(place), 0)
    if not segment:
        following[id(place)] = following_here + 1
        return str(following_here)
    if _INDEX.fullmatch(segment):
        following[id(place)] = max(following_here, int(segment) + 1)
    return segment
