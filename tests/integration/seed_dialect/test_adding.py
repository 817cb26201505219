"""POST /api/invoices: every way to say it, what becomes of it, and what is refused."""

from typing import Any

import orjson
import pytest

from tests.support.house import House, good
from tests.support.seed import OldCompany, multipart, old_company, refused, urlencoded

NEW_LINE = {"description": "Consultanță tehnică", "qty": 2, "rate": 100.5, "taxname": ["TVA|21.00"]}


def test_an_invoice_is_added_by_a_urlencoded_form(old: OldCompany) -> None:
    added = old.clerk.form("POST", "/invoices", old.fields())
    assert added.status_code == 201
    assert added.json == {"status": True, "message": "Invoice Added Successfully", "record_id": 1}
    assert added.headers["location"] == "/api/invoices/1"
    invoice = old.one(1)
    assert (invoice["status"], invoice["subtotal"], invoice["total"]) == ("6", "200.00", "242.00")


def test_form_multipart_and_json_say_the_same(old: OldCompany) -> None:
    fields = old.fields()
    as_json = {
        "clientid": int(old.clientid),
        "currency": 1,
        "date": "2026-11-02",
        "billing_street": "Str. Fabricii 12",
        "allowed_payment_modes": [1],
        "newitems": [{**NEW_LINE, "rate": 100}],
    }
    lines = orjson.dumps(as_json["newitems"]).decode()
    with_text = {**as_json, "newitems": lines}
    as_map = {**as_json, "newitems": {"0": {**NEW_LINE, "rate": "100.00"}}}
    added = [
        old.clerk.form("POST", "/invoices", fields),
        old.clerk.multipart("POST", "/invoices", fields),
        *(old.clerk.json("POST", "/invoices", body) for body in (as_json, with_text, as_map)),
        old.clerk.form(
            "POST",
            "/invoices",
            {
                **{name: value for name, value in fields.items() if not name.startswith("newitems")},
                "newitems": lines,
            },
        ),
    ]
    assert [one.status_code for one in added] == [201] * 6
    invoices = [old.one(one.json["record_id"]) for one in added]
    for one in invoices:
        del one["id"], one["datecreated"]
        for row in (*one["items"], *(tax for item in one["items"] for tax in item["taxes"])):
            del row["rel_id"]
    assert all(one == invoices[0] for one in invoices)


def test_a_decimal_of_json_is_taken_to_its_last_digit_and_no_further(old: OldCompany) -> None:
    body = {"clientid": old.clientid, "newitems": [{**NEW_LINE, "qty": 1, "rate": 0.1}]}
    added = old.clerk.json("POST", "/invoices", body)
    assert old.one(added.json["record_id"])["items"][0]["rate"] == "0.10"
    tail = old.clerk.ask(
        "POST",
        "/invoices",
        orjson.dumps(body).replace(b"0.1,", b"0.30000000000000004,"),
        "application/json",
    )
    refused(tail, 422, "newitems[0][rate]")


def test_lines_may_come_as_items_with_taxes_of_name_and_rate(old: OldCompany) -> None:
    fields = {name: value for name, value in old.fields().items() if not name.startswith("newitems")}
    fields |= {
        "items[4][description]": "A doua",
        "items[4][qty]": "1",
        "items[4][rate]": "50",
        "items[4][order]": "2",
        "items[4][taxes][0][name]": "TVA",
        "items[4][taxes][0][rate]": "11",
        "items[9][description]": "Prima",
        "items[9][qty]": "1",
        "items[9][rate]": "10",
        "items[9][order]": "1",
    }
    added = old.clerk.form("POST", "/invoices", fields)
    invoice = old.one(added.json["record_id"])
    assert [(item["description"], item["item_order"]) for item in invoice["items"]] == [("Prima", "1"), ("A doua", "2")]
    assert [[tax["taxname"] for tax in item["taxes"]] for item in invoice["items"]] == [[], ["TVA|11.00"]]
    assert invoice["total"] == "65.50"


UNTAXED = {"newitems[1][description]": "Fără TVA", "newitems[1][qty]": "1", "newitems[1][rate]": "5"}


def vat_of(old: OldCompany, record_id: int) -> list[dict[str, Any]]:
    return [line["vat"] for line in good(old.company.admin.get(f"/invoices/{record_id}"))["lines"]]


def test_a_line_without_a_tax_is_exempt_and_sent_beside_taxed_ones(old: OldCompany) -> None:
    record_id = old.add(**UNTAXED, save_and_send="1", date=old.company.days_ago(0))
    assert vat_of(old, record_id) == [
        {"category": "S", "rate": "21"},
        {"category": "E", "rate": "0", "exemption_reason": "Scutit de TVA"},
    ]
    invoice = old.one(record_id)
    assert (invoice["status"], [item["taxes"] for item in invoice["items"]][1]) == ("1", [])


def test_what_is_exempt_is_so_for_the_reason_that_the_tax_of_another_line_names(old: OldCompany) -> None:
    named = {"category": "E", "rate": "0", "exemption_reason": "Scutit art. 292"}
    record_id = old.add(**{"newitems[0][taxname][]": "Scutit art. 292|0.00"}, **UNTAXED)
    assert vat_of(old, record_id) == [named, named]
    more = {"newitems[0][description]": "Altceva", "newitems[0][qty]": "1", "newitems[0][rate]": "1"}
    assert old.clerk.form("PUT", f"/invoices/{record_id}", more).json["status"] is True
    assert vat_of(old, record_id) == [named, named, named]


def test_a_line_without_a_tax_is_outside_vat_where_the_seller_is_not_registered(house: House) -> None:
    old = old_company(house, tax_id="14399840")
    record_id = old.add(**{"newitems[0][taxname][]": ""}, save_and_send="1")
    assert vat_of(old, record_id) == [{"category": "O", "rate": "0"}]


def test_several_taxes_on_a_line_are_refused_with_the_line_named(old: OldCompany) -> None:
    fields = old.fields(**{"newitems[0][taxname][0]": "TVA|21.00", "newitems[0][taxname][1]": "TVA|11.00"})
    del fields["newitems[0][taxname][]"]
    body = refused(old.clerk.form("POST", "/invoices", fields), 422, "newitems[0][taxname]")
    assert "one VAT rate" in body["message"]


@pytest.mark.parametrize("text", ["TVA", "|21", "TVA|x", "TVA|", "TVA|21,00", "TVA|1e1"])
def test_an_unreadable_tax_is_refused(old: OldCompany, text: str) -> None:
    fields = old.fields(**{"newitems[0][taxname][]": text})
    refused(old.clerk.form("POST", "/invoices", fields), 422, "newitems[0][taxname]")


def test_totals_are_compared_never_taken(old: OldCompany) -> None:
    old.add(subtotal="200.00", total="242.00")
    old.add(subtotal="200.01", total="241.99")
    off = refused(old.clerk.form("POST", "/invoices", old.fields(total="300.00")), 422, "total")
    assert off["computed"] == {"subtotal": "200.00", "total": "242.00", "discount_total": "0.00"}
    assert "242.00" in off["message"]
    refused(old.clerk.form("POST", "/invoices", old.fields(subtotal="242")), 422, "subtotal")
    assert len(old.clerk.get("/invoices").json) == 2


def test_a_discount_before_tax_comes_off_the_lines(old: OldCompany) -> None:
    percent = old.one(old.add(discount_percent="10", discount_total="20.00", discount_type="before_tax"))
    assert percent["total"] == "217.80"
    assert (percent["discount_percent"], percent["discount_total"]) == ("10.00", "20.00")
    amount = old.one(old.add(discount_total="20", total="217.80"))
    assert (amount["discount_percent"], amount["discount_total"]) == ("0.00", "20.00")
    odd = old.fields(discount_percent="10", discount_total="30")
    refused(old.clerk.form("POST", "/invoices", odd), 422, "discount_total")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"discount_percent": "10", "discount_type": "after_tax"}, "discount_type"),
        ({"adjustment": "-0.01"}, "adjustment"),
        ({"clientid": "4711"}, "clientid"),
        ({"clientid": ""}, "clientid"),
        ({"currency": "2"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"billing_country": "81"}, "billing_country"),
        ({"date": "2026-02-30"}, "date"),
        ({"date": "2199-12-31"}, "date"),
        ({"duedate": "2026-11-01"}, "duedate"),
        ({"number": "INV-000123"}, "number"),
        ({"number": "0"}, "number"),
        ({"newitems[0][qty]": "two"}, "newitems[0][qty]"),
        ({"newitems[0][rate]": "1,000.00"}, "newitems[0][rate]"),
        ({"newitems[0][description]": ""}, "newitems[0][description]"),
        ({"newitems[0][qty]": "0"}, "newitems"),
        ({"newitems[x][qty]": "1"}, "newitems"),
        ({"newitems[0": "1"}, "newitems[0"),
        ({"terms": "a\x00b"}, "terms"),
        ({"save_and_send": "1", "save_as_draft": "1"}, "save_and_send"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_name(old: OldCompany, change: dict[str, str], named: str) -> None:
    refused(old.clerk.form("POST", "/invoices", old.fields(**change)), 422, named)
    assert old.clerk.get("/invoices").json == []


def test_missing_fields_are_named_in_the_original_words(old: OldCompany) -> None:
    nothing = refused(old.clerk.form("POST", "/invoices", {"clientid": old.clientid}), 422, "newitems[]")
    assert nothing["message"] == "The Items field is required"
    empty = refused(old.clerk.form("POST", "/invoices", old.fields(**{"newitems[0][qty]": " "})), 422)
    assert empty["error"] == {"newitems[0][qty]": "The Qty field is required"}  # a form sends all of its fields
    no_client = {name: value for name, value in old.fields().items() if name != "clientid"}
    assert refused(old.clerk.form("POST", "/invoices", no_client), 422, "clientid")["error"] == {
        "clientid": "The Client field is required"
    }
    no_price = {name: value for name, value in old.fields().items() if name != "newitems[0][rate]"}
    refused(old.clerk.form("POST", "/invoices", no_price), 422, "newitems[0][rate]")
    refused(old.clerk.form("POST", "/invoices", {}), 422, "clientid")


@pytest.mark.parametrize("text", ["EUR", "eur", "978", "0978"])
def test_a_currency_may_be_named_by_code_or_number(old: OldCompany, text: str) -> None:
    invoice = old.one(old.add(currency=text))
    assert (invoice["currency"], invoice["currency_name"], invoice["symbol"]) == ("978", "EUR", "€")


@pytest.mark.parametrize("text", ["1", "RON", "946"])
def test_the_companys_own_currency_is_number_one(old: OldCompany, text: str) -> None:
    assert old.one(old.add(currency=text))["currency"] == "1"


def test_save_and_send_sends_in_one_step(old: OldCompany) -> None:
    sent = old.one(old.add(save_and_send="1", number="1"))
    assert (sent["sent"], sent["formatted_number"], sent["number"], sent["prefix"]) == ("1", "IZV000001", "1", "IZV")
    assert sent["date"] == "2026-11-02"
    history = good(old.company.admin.get("/invoices/1/events"))["data"]
    assert [fact["type"] for fact in history] == [
        "invoice.drafted/1",
        "invoice.line_added/1",
        "invoice.sent/1",
    ]


def test_a_number_given_out_is_refused_as_the_documentation_says(old: OldCompany) -> None:
    old.add(save_and_send="1", number="IZV000001")
    for claim in ("1", "0001", "IZV000001"):
        taken = refused(old.clerk.form("POST", "/invoices", old.fields(number=claim)), 409)
        assert taken["error"] == {"number": "The Invoice number is already in use"}
        assert taken["message"] == "The Invoice number is already in use"
    hole = old.clerk.form("POST", "/invoices", old.fields(number="9", save_and_send="1"))
    assert "IZV is 2" in refused(hole, 409, "number")["message"]
    draft = old.one(old.add(number="9"))
    assert (draft["number"], draft["formatted_number"]) == ("9", "IZVDRAFT")


def test_a_repeated_key_gets_the_same_answer_and_nothing_twice(old: OldCompany) -> None:
    first = old.clerk.form("POST", "/invoices", old.fields(), Idempotency_Key="k-1")
    again = old.clerk.multipart("POST", "/invoices", old.fields(), Idempotency_Key="k-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = old.clerk.form("POST", "/invoices", old.fields(clientnote="altceva"), Idempotency_Key="k-1")
    assert refused(other, 422)["code"] == "idempotency_key_reused"
    assert len(old.clerk.get("/invoices").json) == 1


def test_facts_say_that_they_came_by_the_old_dialect(old: OldCompany) -> None:
    record_id = old.add()
    data = old.company.admin.get(f"/invoices/{record_id}/events").json["data"]
    assert {fact["meta"]["source"] for fact in data} == {"seed"}
    assert {fact["meta"]["actor"]["kind"] for fact in data} == {"token"}


def test_fields_without_a_meaning_for_the_document_are_kept_and_given_back(old: OldCompany) -> None:
    given = {
        "adminnote": "sună înainte",
        "terms": "Marfa se returnează în 14 zile.",
        "clientnote": "Mulțumim!",
        "tags": "urgent,proiect",
        "sale_agent": "7",
        "project_id": "12",
        "show_quantity_as": "2",
        "recurring": "3",
        "cycles": "0",
        "shipping_city": "Cluj",
        "include_shipping": "on",
    }
    extra = {
        "custom_fields[invoice][12]": "A-17",
        "allowed_payment_modes[1]": "stripe",
        "newitems[0][unit]": "cutii",
        "newitems[1][description]": "Ore",
        "newitems[1][qty]": "1.5",
        "newitems[1][rate]": "80",
        "newitems[1][unit]": "ore",
        "something_else": "x",
    }
    invoice = old.one(old.add(**given, **extra))
    assert {name: invoice[name] for name in given} == given
    assert invoice["customfields"] == [{"label": "12", "value": "A-17"}]
    assert invoice["allowed_payment_modes"] == 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'
    assert [item["unit"] for item in invoice["items"]] == ["cutii", "ore"]
    native = good(old.company.admin.get(f"/invoices/{invoice['id']}"))
    assert [line["unit"] for line in native["lines"]] == ["H87", "HUR"]
    assert native["metadata"]["seed.project_id"] == "12"


def test_billing_fields_override_the_customers_address_part_by_part(old: OldCompany) -> None:
    invoice = old.one(old.add(billing_street="Calea Turzii 1", billing_country="142"))
    assert invoice["billing_street"] == "Calea Turzii 1"
    assert (invoice["billing_city"], invoice["billing_state"], invoice["billing_country"]) == ("Turda", "RO-CJ", "142")
    assert invoice["client"]["address"] == "Str. Lungă 3"
    abroad = old.one(old.add(billing_country="DE", billing_city="Köln"))
    assert (abroad["billing_city"], abroad["billing_country"]) == ("Köln", "DE")


def test_bodies_beyond_the_limits_are_refused(old: OldCompany) -> None:
    form = "application/x-www-form-urlencoded"
    huge = old.clerk.ask("POST", "/invoices", b"a=" + b"x" * (1 << 20), form)
    assert refused(huge, 413)["code"] == "too_large"
    many = old.clerk.ask("POST", "/invoices", urlencoded({f"a[{n}]": "1" for n in range(5_001)}), form)
    assert "5000 keys" in refused(many, 422)["message"]
    deep = old.clerk.ask("POST", "/invoices", b"a[b][c][d][e][f][g]=1", form)
    refused(deep, 422, "a[b][c][d][e][f][g]")
    deep_json = old.clerk.ask(
        "POST", "/invoices", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json"
    )
    refused(deep_json, 400)


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"clientid=1", "text/plain", 415),
        (b"clientid=1", None, 415),
        (b"clientid=1", "application/x-www-form-urlencoded; charset=iso-8859-2", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b'{"clientid":', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"nothing", "multipart/form-data", 400),
        (b"nothing", "multipart/form-data; boundary=x", 400),
        (multipart({"a": "1"})[:-20], "multipart/form-data; boundary=----izvor", 400),
        (
            multipart({"a": "1"}).replace(b'name="a"', b'name="a"; filename="f"'),
            "multipart/form-data; boundary=----izvor",
            422,
        ),
    ],
)
def test_bodies_that_cannot_be_read_are_refused(old: OldCompany, raw: bytes, kind: str | None, status: int) -> None:
    refused(old.clerk.ask("POST", "/invoices", raw, kind), status)


def test_what_an_old_client_says_of_an_address_gets_its_one_spelling_or_a_warning(old: OldCompany) -> None:
    tidy = old.add(billing_state="jud. Cluj", billing_city="Turda", billing_country="142")
    assert old.one(tidy)["billing_state"] == "RO-CJ"
    record_id = old.add(billing_state="Moldova", billing_country="142")
    assert old.one(record_id)["billing_state"] == "Moldova"
    native = good(old.company.admin.get(f"/invoices/{record_id}"))
    assert [warning["code"] for warning in native["warnings"]] == ["buyer_county_unknown"]


def test_a_prefix_before_a_number_is_taken_when_it_is_that_of_the_series(house: House) -> None:
    company = house.company(invoice_series="INV-")
    old = OldCompany(company, str(company.customer()["reference"]))
    sent = old.one(old.add(number="INV-000001", save_and_send="1"))
    assert (sent["formatted_number"], sent["prefix"], sent["number"]) == ("INV-000001", "INV-", "1")
    refused(old.clerk.form("POST", "/invoices", old.fields(number="IZV000002")), 422, "number")
