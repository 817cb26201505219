"""The body of a request as one structure of texts, whether it came as urlencoded form, multipart form or JSON.

Numbers of JSON become the digits that they were written with, never floats; booleans become `1` and `0`; the empty text
and null are the same. What follows need not know how the client spoke.
"""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

import falcon
import msgspec
from falcon.media import MultipartFormHandler

from api.entrance.decoding import read_body
from api.entrance.problems import Problem, invalid
from api.seed_dialect.brackets import MAX_DEPTH, MAX_KEYS, BadKeyError, Node, in_order, nested

JSON_IN_TEXT: Final = frozenset({"items", "newitems", "custom_fields", "removed_items"})
"""Fields that a form may carry as a text of JSON."""

_KEYS_MATTER: Final = "custom_fields"
"""Below it the keys are ids of fields, not indexes: they stay a map."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OPENED: Final = (
    rb"(--%b\r\n(?:[^\r\n]{1,1000}\r\n){0,8}?)content-transfer-encoding:[ \t]*(?:7bit|8bit|binary)[ \t]*\r\n"
)
"""A part that opens, up to a header that says in which of the ways its content is not encoded."""

_LARGEST_EXPONENT: Final = 30
_UTF8: Final = frozenset({"utf-8", "utf8"})

_json: Final = msgspec.json.Decoder(float_hook=Decimal)


def structure_of(req: falcon.Request) -> dict[str, Node]:
    """The fields of the body; a problem for what cannot be read, naming the key where there is one."""
    raw = read_body(req)
    if not raw.strip():
        return {}
    kind, options = falcon.parse_header(req.content_type or "")
    if options.get("charset", "utf-8").strip('"').lower() not in _UTF8:
        raise Problem(415, "unsupported_media_type", "the body has to be in UTF-8")
    try:
        return _fields(_tree(raw, kind.lower(), req.content_type or ""))
    except BadKeyError as trouble:
        raise invalid(trouble.key, trouble.reason) from None
    except UnicodeDecodeError:
        raise Problem(400, "bad_request", "the body is not UTF-8") from None


def _tree(raw: bytes, kind: str, content_type: str) -> dict[str, Any]:
    match kind:
        case "application/x-www-form-urlencoded":
            return dict(nested(_urlencoded(raw)))
        case "multipart/form-data":
            return dict(nested(_multipart(raw, content_type)))
        case "application/json":
            tree = _decoded(raw)
            if not isinstance(tree, dict):
                raise invalid("", "is a JSON object of fields")
            return tree
        case _:
            raise Problem(
                415,
                "unsupported_media_type",
                "send multipart/form-data, application/x-www-form-urlencoded or application/json",
            )


def _urlencoded(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode()
    if text.count("&") >= MAX_KEYS:
        raise BadKeyError("", f"a form has at most {MAX_KEYS} keys")
    return parse_qsl(text, keep_blank_values=True, errors="strict")


def _multipart(raw: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    boundary = falcon.parse_header(content_type)[1].get("boundary", "")
    handler = MultipartFormHandler()
    handler.parse_options.max_body_part_count = MAX_KEYS
    try:
        for part in handler.deserialize(*_without_encodings(raw, content_type, boundary)):
            if part.name is None:
                raise Problem(400, "bad_request", "every part of the form needs a name")
            if part.filename is not None:
                raise BadKeyError(part.name, "files are not taken here")
            yield part.name, part.get_data().decode()
    except falcon.HTTPError as error:
        raise Problem(400, "bad_request", error.description or "the multipart form is malformed") from None


def _without_encodings(raw: bytes, content_type: str, boundary: str) -> tuple[io.BytesIO, str, int]:
    """The form without the headers by which old clients say that they encoded nothing; the parser refuses them."""
    opened = re.compile(_OPENED % re.escape(boundary.encode()), re.IGNORECASE)
    plain = opened.sub(rb"\1", raw)
    return io.BytesIO(plain), content_type, len(plain)


def _decoded(raw: bytes | str) -> Any:
    try:
        return _json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "malformed_json", f"the body is not JSON: {error}") from None
    except RecursionError:
        raise Problem(400, "malformed_json", "the body is nested too deeply") from None


def _fields(tree: dict[str, Any]) -> dict[str, Node]:
    fields: dict[str, Node] = {}
    for name, value in tree.items():
        given = value
        if name in JSON_IN_TEXT and isinstance(value, str) and value.strip():
            given = _json_in_text(name, value)
        fields[_clean(name, name[:80])] = _settled(given, name, keys_matter=name == _KEYS_MATTER)
    return fields


def _json_in_text(name: str, text: str) -> Any:
    try:
        return _decoded(text)
    except Problem:
        raise BadKeyError(name, "is neither a list in brackets nor a text of JSON") from None


def _settled(node: Any, path: str, depth: int = 1, *, keys_matter: bool) -> Node:
    """The same structure with lists for maps that stand for lists, and a text for every value."""
    if not isinstance(node, (dict, list)):
        return _text(node, path)
    if depth >= MAX_DEPTH:
        raise BadKeyError(path, f"is nested deeper than {MAX_DEPTH}")
    if isinstance(node, list):
        return [_settled(one, f"{path}[{n}]", depth + 1, keys_matter=keys_matter) for n, one in enumerate(node)]
    settled: dict[str, Node] = {
        _clean(key, path): _settled(value, f"{path}[{key}]", depth + 1, keys_matter=keys_matter or key == _KEYS_MATTER)
        for key, value in node.items()
    }
    return settled if keys_matter else in_order(settled)


def _text(value: object, path: str) -> str | None:
    match value:
        case bool():
            return "1" if value else "0"
        case Decimal():
            # An exponent like 1e999999999 would become a billion digits; as it is, no number field takes it.
            return f"{value:f}" if abs(value.adjusted()) < _LARGEST_EXPONENT else str(value)
        case int():
            return f"{value}" if abs(value) < 10**_LARGEST_EXPONENT else f"{Decimal(value):e}"
        case str():
            return _clean(value.strip(), path) or None
        case _:
            return None


def _clean(text: str, path: str) -> str:
    if _CONTROL.search(text):
        raise BadKeyError(_CONTROL.sub("?", path), "contains control characters")
    return text
