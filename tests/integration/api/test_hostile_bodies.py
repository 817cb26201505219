"""Bodies that are too much, not JSON, or say what they must not: each refused with its field, and nothing stored."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest

from tests.support.house import Company, House, good, line, refused

MONEY: Final[list[object]] = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e3",
    "1E3",
    "1,00",
    "1.000,00",
    "1_000",
    "\uff11\uff12.00",
    "\u0661",
    "-0",
    "-1.00",
    "+1",
    "1.",
    ".5",
    "01",
    "0x10",
    " 1",
    "1 ",
    "1\n",
    "",
    "1\u00a0000",
    "1.0000",
    "9" * 14,
    "9" * 5000,
]
"""Amounts that are none, for somebody or other."""

NOT_TEXT: Final[list[object]] = [1, 1.5, 10**18, -1, True, None, [], {}, ["1"]]


@pytest.fixture
def quiet(house: House) -> Iterator[None]:
    """Nothing is recorded while the test runs; whatever it needs must be there before."""
    before = house.facts()
    yield
    assert house.facts() == before


@pytest.fixture(scope="module")
def shop(house: House) -> Company:
    """A company with customer 1, a sent invoice 1 and draft 2."""
    company = house.company()
    customer = company.customer()
    company.sent(customer_id=customer["id"])
    company.draft(customer_id=customer["id"])
    return company


def payment(shop: Company, **changes: Any) -> dict[str, Any]:
    return {"customer_id": "1", "amount": "1.00", "date": shop.today.isoformat(), **changes}


@pytest.mark.parametrize("amount", MONEY + NOT_TEXT, ids=lambda value: repr(value)[:20])
@pytest.mark.usefixtures("quiet")
def test_an_amount_is_a_plain_decimal_text(shop: Company, amount: object) -> None:
    refused(shop.admin.post("/payments", payment(shop, amount=amount)), 422, "validation_failed", "/amount")
    answer = shop.admin.post("/invoices/1/payments", {"amount": amount, "date": shop.today.isoformat()})
    refused(answer, 422, "validation_failed", "/amount")


@pytest.mark.parametrize("number", [*MONEY[:17], *NOT_TEXT], ids=lambda value: repr(value)[:20])
@pytest.mark.usefixtures("quiet")
def test_quantities_prices_and_rates_are_plain_decimal_texts(shop: Company, number: object) -> None:
    for change, pointer in (
        ({"unit_price": number}, "/unit_price"),
        ({"vat": {"category": "S", "rate": number}}, "/vat/rate"),
        ({"discount": {"percent": number}}, "/discount/percent"),
        ({"discount": {"amount": number}}, "/discount/amount"),
    ):
        if number is None and pointer != "/unit_price":
            continue  # says nothing: about a discount another mistake, about a rate none
        body = {**line(), **change}
        refused(shop.admin.post("/invoices/2/lines", body), 422, "validation_failed", pointer)
        whole = {"customer_id": "1", "lines": [line(), body]}
        refused(shop.admin.post("/invoices", whole), 422, "validation_failed", f"/lines/1{pointer}")
    if number not in ("-0", "-1.00"):  # a quantity may be negative
        refused(shop.admin.patch("/invoices/2/lines/1", {"quantity": number}), 422, "validation_failed", "/quantity")


@pytest.mark.usefixtures("quiet")
def test_what_is_well_formed_but_no_business_is_refused_by_name(shop: Company) -> None:
    for change, code in (
        ({"quantity": "0"}, "quantity_zero"),
        ({"quantity": "-0"}, "quantity_zero"),
        ({"vat": {"category": "S", "rate": "0"}}, "vat_rate_invalid"),
        ({"vat": {"category": "E", "rate": "21"}}, "vat_rate_invalid"),
        ({"quantity": "999999999", "unit_price": "999999999999"}, "amount_too_large"),
        ({"discount": {"amount": "1000.00"}}, "discount_invalid"),
    ):
        refused(shop.admin.post("/invoices/2/lines", {**line(), **change}), 422, code)
    for discount, pointer in (
        ({"percent": "100.01"}, "/discount/percent"),
        ({"percent": "5", "amount": "5"}, "/discount"),
        ({}, "/discount"),
    ):
        body = {**line(), "discount": discount}
        refused(shop.admin.post("/invoices/2/lines", body), 422, "validation_failed", pointer)
    refused(shop.admin.post("/payments", payment(shop, amount="0.00")), 422, "amount_not_positive")
    later = shop.days_ago(-2)
    refused(shop.admin.post("/payments", payment(shop, date=later)), 422, "date_in_future")
    refused(shop.admin.post("/invoices", {"customer_id": "1", "issue_date": later}), 422, "issue_date_in_future")
    refused(shop.admin.post("/invoices", {"customer_id": "1", "currency": "XXQ"}), 422, "currency_unknown")


@pytest.mark.usefixtures("quiet")
def test_more_decimals_than_the_currency_has_are_refused(shop: Company) -> None:
    for currency, amount in (("RON", "1.001"), ("JPY", "1.5")):
        body = payment(shop, currency=currency, amount=amount)
        refused(shop.admin.post("/payments", body), 422, "validation_failed", "/amount")


FORBIDDEN: Final = [
    "status",
    "number",
    "paid_total",
    "totals",
    "org_id",
    "organization_id",
    "actor",
    "recorded_at",
    "id",
    "reference",
    "version",
    "sent_at",
    "__class__",
    "a/b~c",
]


@pytest.mark.parametrize("name", FORBIDDEN)
@pytest.mark.usefixtures("quiet")
def test_a_field_that_is_not_the_clients_to_set_is_refused_by_name(shop: Company, name: str) -> None:
    escaped = name.replace("~", "~0").replace("/", "~1")
    today = shop.today.isoformat()
    for method, path, body in (
        ("POST", "/invoices", {"customer_id": "1"}),
        ("PATCH", "/invoices/2", {}),
        ("POST", "/invoices/2/lines", line()),
        ("PATCH", "/invoices/2/lines/1", {}),
        ("POST", "/invoices/2/send", {}),
        ("POST", "/customers", {"name": "Ana"}),
        ("PATCH", "/customers/1", {}),
        ("POST", "/invoices/1/credit-notes", {"full": True, "reason": "x"}),
        ("PUT", "/invoices/1/reminders/hold", {}),
        ("PATCH", "/organization", {}),
    ):
        answer = shop.admin.ask(method, path, {**body, name: "paid"})
        problem = refused(answer, 422, "validation_failed", f"/{escaped}")
        assert problem["errors"][0]["code"] == "unknown_field"
    if name != "reference":
        for path in ("/invoices/1/payments", "/payments"):
            body = payment(shop) if path == "/payments" else {"amount": "1.00", "date": today}
            refused(shop.admin.post(path, {**body, name: "x"}), 422, "validation_failed", f"/{escaped}")
    deep = {"customer": {"name": "Ana", "address": {"city": "x", name: "y"}}}
    refused(shop.admin.post("/invoices", deep), 422, "validation_failed", f"/customer/address/{escaped}")
    lines = {"customer_id": "1", "lines": [line(), {**line(), name: "y"}]}
    refused(shop.admin.post("/invoices", lines), 422, "validation_failed", f"/lines/1/{escaped}")


@pytest.mark.usefixtures("quiet")
def test_a_missing_field_is_named(shop: Company) -> None:
    for path, body, pointer in (
        ("/customers", {}, "/name"),
        ("/payments", {"customer_id": "1", "amount": "1"}, "/date"),
        ("/invoices", {}, "/customer_id"),
        ("/invoices", {"customer_id": "1", "customer": {"name": "Ana"}}, "/customer_id"),
        ("/invoices", {"customer_id": "1", "lines": [{"quantity": "1"}]}, "/lines/0/description"),
        ("/invoices/1/credit-notes", {"reason": "x"}, "/lines"),
        (
            "/invoices/1/credit-notes",
            {"full": True, "lines": [{"line_id": "1", "quantity": "1"}], "reason": "x"},
            "/lines",
        ),
    ):
        refused(shop.admin.post(path, body), 422, "validation_failed", pointer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notes", "a\x00b"),
        ("notes", "a\x1b[31mb"),
        ("notes", "x" * 4001),
        ("notes", 5),
        ("buyer_reference", "a\nb"),
        ("buyer_reference", "a\x7fb"),
        ("issue_date", "2026-13-01"),
        ("issue_date", "23.11.2026"),
        ("issue_date", "2026-11-23T00:00:00"),
        ("issue_date", 20261123),
        ("due_date", "\uff12026-11-23"),
        ("payment_terms_days", -1),
        ("payment_terms_days", 3651),
        ("payment_terms_days", "30"),
        ("payment_terms_days", 1.5),
        ("payment_terms_days", True),
        ("payment_terms_days", 10**18),
        ("currency", "ron"),
        ("currency", "RON\n"),
        ("currency", "RONX"),
        ("customer_id", 1),
        ("customer_id", ""),
        ("customer_id", "1 OR 1=1"),
        ("lines", {}),
        ("lines", None),
        ("lines", [None]),
        ("lines", [[]]),
        ("metadata", {"k": 5}),
        ("metadata", {"": "v"}),
        ("metadata", {"k" * 61: "v"}),
        ("metadata", {str(n): "v" for n in range(51)}),
        ("metadata", {"k": "a\x00b"}),
        ("metadata", {"a\x00b": "v"}),
        ("discount", "5"),
    ],
    ids=lambda value: repr(value)[:30],
)
@pytest.mark.usefixtures("quiet")
def test_a_value_of_the_wrong_kind_is_refused_with_its_field(shop: Company, field: str, value: object) -> None:
    problem = refused(shop.admin.post("/invoices", {"customer_id": "1", field: value}), 422, "validation_failed")
    assert problem["errors"][0]["pointer"].split("/")[1] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\r\nBcc: x@example.ro"),
        ("name", "x" * 201),
        ("name", "Ana\n"),
        ("email", "a@example.ro\n"),
        ("email", "no at sign"),
        ("email", "a@b\nc"),
        ("email", "a@b@c"),
        ("ibans", ["x"]),
        ("ibans", ["RO49AAAA1B31007593840000"] * 21),
        ("kind", "robot"),
        ("language", "de"),
        ("address", {"country": "Romania"}),
        ("address", "Cluj"),
    ],
    ids=lambda value: repr(value)[:30],
)
@pytest.mark.usefixtures("quiet")
def test_a_customer_that_could_not_be_written_to_is_refused(shop: Company, field: str, value: object) -> None:
    answer = shop.admin.post("/customers", {"name": "Ana", field: value})
    problem = refused(answer, 422, "validation_failed")
    assert problem["errors"][0]["pointer"].split("/")[1] == field


def test_text_of_every_script_comes_back_as_it_went_in(company: Company) -> None:
    text = 'Ștefan "Țăran" & Søn <b>, \u202e\u05d0, \u4e2d\u6587 \U0001f4a9 ", \\u0000, {{7*7}} %s "position":-1'
    made = company.customer(text)
    assert made["name"] == text
    assert good(company.admin.get(f"/customers/{made['id']}", after=str(made["position"]))) == made
    note = good(company.admin.post("/customers", {"name": "x", "phone": '"position":-1'}, key="k"), 201)
    assert (note["phone"], note["position"] > 0) == ('"position":-1', True)


BROKEN: Final[list[bytes]] = [
    b"",
    b"{",
    b"nul",
    b'{"name": "Ana"',
    b'{"name": "Ana"}}',
    b"{'name': 'Ana'}",
    b'{"name": "Ana",}',
    b'{"name": NaN}',
    b'{"name": 5, "x": NaN}',
    b'{"name": "\xff\xfe"}',
    b'{"name": "\xed\xa0\x80"}',
    b'{"name": "\\ud800"}',
    b'{"name": "\\udc00\\ud800"}',
    b'{"\\ud800": 1}',
    b"\xff\xfe{\x00}\x00",
    b'\xef\xbb\xbf{"name": "Ana"}',
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"name": "Ana", "address": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b"name=Ana",
    b"<xml/>",
]


@pytest.mark.parametrize("raw", BROKEN, ids=lambda raw: repr(raw[:24]))
@pytest.mark.usefixtures("quiet")
def test_what_is_not_json_is_a_bad_request(shop: Company, raw: bytes) -> None:
    refused(shop.admin.ask("POST", "/customers", raw=raw), 400, "malformed_json")


@pytest.mark.parametrize("raw", [b"[]", b"5", b'"x"', b"null", b"true", b"[1]"])
@pytest.mark.usefixtures("quiet")
def test_json_of_another_shape_does_not_fit(shop: Company, raw: bytes) -> None:
    refused(shop.admin.ask("POST", "/customers", raw=raw), 422, "validation_failed", "")


@pytest.mark.usefixtures("quiet")
def test_a_body_over_a_mebibyte_is_too_large(shop: Company) -> None:
    for raw in (b" " * ((1 << 20) + 1), orjson.dumps({"name": "x" * (60 << 20)})):
        refused(shop.admin.ask("POST", "/customers", raw=raw), 413, "too_large")


def test_a_body_of_exactly_a_mebibyte_is_read(company: Company) -> None:
    body = orjson.dumps({"name": "Ana"})
    good(company.admin.ask("POST", "/customers", raw=body.ljust(1 << 20)), 201)


def test_an_invoice_has_a_thousand_lines_and_no_more(house: House, company: Company) -> None:
    short = {"description": "x", "quantity": "1", "unit_price": "0.01", "vat": {"rate": "21"}}
    full = company.draft(*[short] * 1000)
    assert full["totals"]["lines_net"] == "10.00"
    before = house.facts()
    body = {"customer_id": "1", "lines": [short] * 1001}
    refused(company.admin.post("/invoices", body), 422, "validation_failed", "/lines")
    refused(company.admin.post(f"/invoices/{full['id']}/lines", short), 422, "too_many_lines")
    assert house.facts() == before


def test_an_optional_body_may_be_left_out_but_not_be_wrong(company: Company) -> None:
    draft = company.draft()
    path = f"/invoices/{draft['id']}/send"
    refused(company.admin.post(path, {"deliver": "pigeon"}), 422, "validation_failed", "/deliver")
    refused(company.admin.post(path, {"series": "X" * 11}), 422, "validation_failed", "/series")
    refused(company.admin.ask("POST", path, raw=b"x"), 400, "malformed_json")
    good(company.admin.post(path))
