"""Bytes to typed bodies and queries, within limits, each error pointing at its field."""

from datetime import datetime
from typing import Any, Final, TypeVar

import falcon
import msgspec

from api.entrance.problems import Problem, invalid, of_misread
from invoicing_domain.requests.misread import FieldError, Misread, misfit

T = TypeVar("T", bound=msgspec.Struct)

MAX_BODY_BYTES: Final = 1 << 20
MAX_QUERY_PARAMETERS: Final = 50


def read_body(req: falcon.Request) -> bytes:
    """The whole body; 413 for one that is over the limit, whatever its length was said to be."""
    if (req.content_length or 0) > MAX_BODY_BYTES:
        raise _too_large()
    # A body in chunks has no length; a server that knows its end says so.
    ends = req.content_length is None and req.env.get("wsgi.input_terminated")
    body: bytes = (req.stream if ends else req.bounded_stream).read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise _too_large()
    return body


def decode_body(body: bytes, into: type[T]) -> T:
    """A JSON body as its type; 400 for what is not JSON, 422 with a pointer for what does not fit."""
    try:
        return msgspec.json.decode(body, type=into)
    except msgspec.ValidationError as error:
        _check_json(body)
        raise _misfit(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(error) from None


def _check_json(body: bytes) -> None:
    """A misfit is found before the end of the body: what follows may be no JSON at all."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(error) from None


def _malformed(error: Exception) -> Problem:
    detail = "nested too deeply" if isinstance(error, RecursionError) else f"not JSON: {error}"
    return Problem(400, "malformed_json", f"the body is {detail}")


def decode_query(req: falcon.Request, into: type[T]) -> T:
    """The query string as its type: unknown, repeated or unreadable parameters are errors, never ignored."""
    parameters: dict[str, Any] = dict(req.params)
    if len(parameters) > MAX_QUERY_PARAMETERS:
        raise Problem(422, "validation_failed", f"at most {MAX_QUERY_PARAMETERS} query parameters")
    for name, value in parameters.items():
        if not isinstance(value, str):
            detail = "is given more than once"
            raise Problem(
                422,
                "validation_failed",
                f"{name}: {detail}",
                errors=(FieldError(pointer=name, code="repeated", detail=detail),),
            )
    try:
        query = msgspec.convert(parameters, into, strict=False)
    except msgspec.ValidationError as error:
        raise _misfit(str(error), query=True) from None
    _refuse_numbers_as_instants(query, parameters)
    return query


def _refuse_numbers_as_instants(query: msgspec.Struct, parameters: dict[str, Any]) -> None:
    """A bare number is read as seconds since 1970, where `known_at=2026` means a year at most."""
    for field, name in zip(query.__struct_fields__, query.__struct_encode_fields__, strict=True):
        text = parameters.get(name)
        if text is not None and ":" not in text and isinstance(getattr(query, field), datetime):
            raise invalid(name, "is an instant with its zone, such as 2026-11-23T09:00:00Z")


def _misfit(text: str, *, query: bool = False) -> Problem:
    error = misfit(text)
    return of_misread(Misread(msgspec.structs.replace(error, pointer=error.pointer.lstrip("/")) if query else error))


def _too_large() -> Problem:
    return Problem(413, "too_large", f"a request body has at most {MAX_BODY_BYTES} bytes")
