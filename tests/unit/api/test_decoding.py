"""Errors of bodies point at the exact field, in words."""

import falcon
import msgspec
import pytest
from falcon.testing import create_environ

from api.entrance.decoding import MAX_BODY_BYTES, decode_body, read_body
from api.entrance.problems import Problem


class Item(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    tags: dict[str, int] = {}


class Basket(msgspec.Struct, forbid_unknown_fields=True):
    items: list[Item]
    note: str = ""


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b'{"items": [{"name": "a"}, {"name": 5}]}', "/items/1/name", "invalid"),
        (b'{"items": [{}]}', "/items/0/name", "missing"),
        (b"{}", "/items", "missing"),
        (b'{"items": [{"name": "a", "x": 1}]}', "/items/0/x", "unknown_field"),
        (b'{"items": [], "a/b~c": 1}', "/a~1b~0c", "unknown_field"),
        (b'{"items": [], "": 1}', "/", "unknown_field"),
        (b'{"items": [{"name": "a", "tags": {"k": "v"}}]}', "/items/0/tags", "invalid"),
        (b'{"items": 5}', "/items", "invalid"),
        (b"[]", "", "invalid"),
    ],
)
def test_a_misfit_is_pointed_at(body: bytes, pointer: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        decode_body(body, Basket)
    assert caught.value.status == 422
    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert caught.value.detail.startswith(pointer or "the body")


def test_no_json_is_no_json_wherever_the_first_misfit_stands() -> None:
    for body in (b'{"items": 5', b'{"items": 5, "note": tru}', b"[" * 100_000, b'{"x": ' + b"[" * 100_000):
        with pytest.raises(Problem) as caught:
            decode_body(body, Basket)
        assert (caught.value.status, caught.value.code) == (400, "malformed_json")


def request(body: bytes, *, chunked: bool) -> falcon.Request:
    environ = create_environ(method="POST", body=body)
    if chunked:
        del environ["CONTENT_LENGTH"]
        environ["wsgi.input_terminated"] = True  # gunicorn knows where a body in chunks ends
    return falcon.Request(environ)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_read_whole_up_to_the_limit_with_or_without_a_length(*, chunked: bool) -> None:
    assert read_body(request(b"x" * MAX_BODY_BYTES, chunked=chunked)) == b"x" * MAX_BODY_BYTES
    with pytest.raises(Problem) as caught:
        read_body(request(b"x" * (MAX_BODY_BYTES + 1), chunked=chunked))
    assert (caught.value.status, caught.value.code) == (413, "too_large")


def test_a_body_without_length_or_end_is_none() -> None:
    environ = create_environ(method="POST", body=b"x")
    del environ["CONTENT_LENGTH"]
    assert read_body(falcon.Request(environ)) == b""
