"""Whatever arrives as a body is a structure of texts or a problem, and never anything else."""

import contextlib
from decimal import Decimal
from typing import Any

import falcon
import orjson
import pytest
from falcon.testing import create_req
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from api.entrance.problems import Problem, problem_of
from api.seed_dialect.brackets import Node
from api.seed_dialect.customer_forms import CustomerChange, NewCustomer
from api.seed_dialect.forms import InvoiceChange, NewInvoice, form_of
from api.seed_dialect.money_forms import Application, NewCreditNote, NewPayment, Refund
from api.seed_dialect.structure import structure_of
from invoicing_domain.requests.misread import Misread
from tests.support.seed import BOUNDARY, multipart, urlencoded

FORMS: tuple[type[Struct], ...] = (
    NewInvoice,
    InvoiceChange,
    NewPayment,
    NewCreditNote,
    Application,
    Refund,
    NewCustomer,
    CustomerChange,
)
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
JSON = "application/json; charset=utf-8"

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | _TEXT,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(_TEXT, below, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    [
        "clientid",
        "newitems",
        "items",
        "removed_items",
        "custom_fields",
        "allowed_payment_modes",
        "total",
        "date",
        "terms",
        "invoiceid",
        "amount",
        "paymentmode",
        "company",
        "vat",
    ]
)


def request(body: bytes, kind: str) -> falcon.Request:
    return create_req(method="POST", body=body, headers={"Content-Type": kind})


def read(body: bytes, kind: str) -> dict[str, Node]:
    return structure_of(request(body, kind))


def read_or_refused(body: bytes, kind: str) -> dict[str, Node] | int:
    """The structure, or the status of the problem that came instead."""
    try:
        return read(body, kind)
    except (Problem, Misread) as error:
        return problem_of(error).status


def is_of_texts(node: object) -> bool:
    if isinstance(node, dict):
        return all(isinstance(key, str) and is_of_texts(value) for key, value in node.items())
    if isinstance(node, list):
        return all(is_of_texts(value) for value in node)
    return node is None or isinstance(node, str)


def test_numbers_of_json_keep_the_digits_that_they_were_written_with() -> None:
    body = b'{"a": 1.10, "b": 12345678901234567890123, "c": -0.000001, "d": 1e2, "e": true, "f": null, "g": " x "}'
    assert read(body, JSON) == {
        "a": "1.10",
        "b": "12345678901234567890123",
        "c": "-0.000001",
        "d": "100",
        "e": "1",
        "f": None,
        "g": "x",
    }


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "9" * 5000, "-1e400"])
def test_enormous_numbers_stay_small(number: str) -> None:
    structure = read_or_refused(f'{{"a": {number}}}'.encode(), JSON)
    if isinstance(structure, dict):
        text = structure["a"]
        assert isinstance(text, str)
        assert len(text) < 50
        assert "E" in text.upper()
    else:
        assert structure == 400


def test_maps_of_indexes_are_lists_but_not_below_custom_fields() -> None:
    body = {
        "items": {"1": {"qty": 2}},
        "custom_fields": {"invoice": {"1": "x"}},
        "a": {"0": {"custom_fields": {"5": 1}}},
    }
    expected = {
        "items": [{"qty": "2"}],
        "custom_fields": {"invoice": {"1": "x"}},
        "a": [{"custom_fields": {"5": "1"}}],
    }
    assert read(orjson.dumps(body), JSON) == expected
    assert read(urlencoded({"items": '{"1": {"qty": 2}}', "custom_fields": '{"invoice": {"1": "x"}}'}), FORM) == {
        "items": expected["items"],
        "custom_fields": expected["custom_fields"],
    }


@pytest.mark.parametrize("name", ["items", "newitems", "custom_fields"])
def test_a_text_that_should_be_json_and_is_not_is_named(name: str) -> None:
    with pytest.raises(Problem) as problem:
        read(urlencoded({name: "[1,"}), FORM)
    assert (problem.value.status, problem.value.errors[0].pointer) == (422, name)


@given(st.binary(max_size=300), st.sampled_from([FORM, MULTIPART, JSON, "text/plain", "", "multipart/form-data", ";;"]))
def test_no_bytes_crash_the_reading_of_bodies(body: bytes, kind: str) -> None:
    structure = read_or_refused(body, kind)
    assert structure in {400, 415, 422} if isinstance(structure, int) else is_of_texts(structure)


@given(
    st.lists(
        st.sampled_from(
            [
                b"--" + BOUNDARY.encode(),
                b"--",
                b"\r\n",
                b"\n",
                b"Content-Disposition: form-data; ",
                b'name="a[0]"',
                b"name=",
                b"name*=UTF-8''%ff",
                b"filename*=x''%e4",
                b": ",
                b"\xff",
                b"x" * 20,
            ]
        ),
        max_size=25,
    )
)
def test_no_broken_multipart_crashes_the_reading_of_bodies(parts: list[bytes]) -> None:
    structure = read_or_refused(b"".join(parts), MULTIPART)
    assert structure in {400, 422} if isinstance(structure, int) else is_of_texts(structure)


@given(st.dictionaries(_FIELDS | _TEXT, _JSON, max_size=6))
def test_no_json_crashes_the_reading_of_forms(body: dict[str, Any]) -> None:
    for into in FORMS:
        with contextlib.suppress(Problem, Misread):
            form_of(read(orjson.dumps(body), JSON), into)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), _TEXT, max_size=6))
def test_urlencoded_multipart_and_json_are_read_alike(fields: dict[str, str]) -> None:
    as_form = read(urlencoded(fields), FORM)
    assert as_form == (read(multipart(fields), MULTIPART) if fields else {})
    assert as_form == read(orjson.dumps(fields), JSON)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_decimal_of_json_is_exact(number: Decimal) -> None:
    text = read(f'{{"a": {number:f}}}'.encode(), JSON)["a"]
    assert isinstance(text, str)
    assert Decimal(text) == number


@pytest.mark.parametrize("encoding", ["8bit", "7bit", "binary", "8BIT"])
def test_a_part_may_say_that_it_is_not_encoded(encoding: str) -> None:
    said = "Content-Transfer-Encoding: 8bit\r\nca atare"
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{{}}"\r\n'
    header = f"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    body = f"{part.format('terms')}{header}{said}\r\n{part.format('city')}\r\nȘimleu\r\n--{BOUNDARY}--\r\n"
    assert read(body.encode(), MULTIPART) == {"terms": said, "city": "Șimleu"}


def test_a_part_that_is_encoded_is_refused() -> None:
    body = multipart({"terms": "eA=="}).replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    assert read_or_refused(body, MULTIPART) == 400
