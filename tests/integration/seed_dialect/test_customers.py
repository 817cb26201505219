"""Customers and reference lists of the old dialect."""

import pytest

from tests.support.house import good
from tests.support.seed import OldCompany, refused

FORM = {
    "company": "Brutăria Albă SRL",
    "vat": "ro 14399840",
    "phonenumber": "0722 000 000",
    "email": "office@alba.example",
    "address": "Str. Mare 1",
    "city": "Turda",
    "state": "Cluj",
    "zip": "401001",
    "country": "142",
    "default_language": "english",
    "groups_in": "3",
}


def test_a_customer_is_added_and_read_in_the_original_columns(old: OldCompany) -> None:
    added = old.clerk.form("POST", "/customers", FORM)
    assert added.status_code == 201
    assert added.json["message"] == "Client add successful."
    row = old.clerk.get(f"/customers/{added.json['record_id']}").json
    expected = {
        "userid": str(added.json["record_id"]),
        "company": "Brutăria Albă SRL",
        "vat": "RO14399840",
        "phonenumber": "0722 000 000",
        "email": "office@alba.example",
        "address": "Str. Mare 1",
        "city": "Turda",
        "state": "RO-CJ",
        "zip": "401001",
        "country": "142",
        "default_language": "english",
        "active": "1",
    }
    assert {name: row[name] for name in expected} == expected
    assert old.clerk.get("/customers").json[-1] == row
    invoice = old.add(clientid=row["userid"])
    assert old.one(invoice)["client"]["company"] == "Brutăria Albă SRL"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"company": ""}, "company"),
        ({"vat": "RO14399841"}, "vat"),
        ({"email": "nobody"}, "email"),
        ({"country": "81"}, "country"),
    ],
)
def test_what_is_no_customer_is_refused_by_its_name(old: OldCompany, change: dict[str, str], named: str) -> None:
    refused(old.clerk.form("POST", "/customers", {**FORM, **change}), 422, named)
    refused(old.clerk.form("PUT", f"/customers/{old.clientid}", change), 422, named)
    refused(old.clerk.get("/customers/2"), 404)


def test_a_place_that_is_not_known_stays_as_it_came(old: OldCompany) -> None:
    added = old.clerk.form("POST", "/customers", {"company": "X", "state": "Ardeal"})
    assert old.clerk.get(f"/customers/{added.json['record_id']}").json["state"] == "Ardeal"


def test_a_change_leaves_what_it_does_not_name(old: OldCompany) -> None:
    path = f"/customers/{old.clientid}"
    before = old.clerk.get(path).json
    answer = old.clerk.form("PUT", path, {"city": "Cluj-Napoca", "phonenumber": ""})
    assert (answer.status_code, answer.json["message"]) == (200, "Customer Update Successful.")
    after = old.clerk.get(path).json
    assert {name for name in before if before[name] != after[name]} == {"city", "phonenumber"}
    assert (after["city"], after["phonenumber"]) == ("Cluj-Napoca", None)
    refused(old.clerk.form("PUT", path, {}), 406)
    refused(old.clerk.form("PUT", "/customers/4711", {"city": "x"}), 404)
    assert good(old.company.admin.get(f"/customers/{old.clientid}"))["tax_id"] == "RO18547290"


@pytest.mark.parametrize("path", ["/customers/{}", "/delete/customers/{}"])
def test_a_customer_is_never_deleted(old: OldCompany, path: str) -> None:
    body = refused(old.clerk.delete(path.format(old.clientid)), 409)
    assert (body["code"], body["way_out"]) == ("customer_kept", f"PATCH /api/v1/customers/{old.clientid}")
    refused(old.clerk.delete(path.format(4711)), 404)


def test_customers_are_paged_and_found(old: OldCompany) -> None:
    for name in ("Alfa SRL", "Beta SRL"):
        old.clerk.form("POST", "/customers", {"company": name})
    page = old.clerk.get("/customers", "page=1&per_page=1&sort=-userid&fields=company").json
    assert page["data"] == [{"userid": "3", "company": "Beta SRL"}]
    assert page["meta"]["total"] == 3
    assert [row["company"] for row in old.clerk.get("/customers/search/alfa").json] == ["Alfa SRL"]
    assert [row["userid"] for row in old.clerk.get("/customers/search", "q=stefanescu").json] == [old.clientid]
    refused(old.clerk.get("/customers/search"), 400)
    refused(old.clerk.get("/customers/4711"), 404)


def test_reference_lists_say_what_ids_stand_for(old: OldCompany) -> None:
    taxes = old.clerk.get("/common/tax_data").json
    assert [(tax["name"], tax["taxrate"]) for tax in taxes] == [("TVA", "21.00"), ("TVA", "11.00")]
    modes = old.clerk.get("/common/payment_mode").json
    assert modes[0] == {"id": "1", "name": "Transfer bancar", "description": "bank_transfer", "active": "1"}
    assert {"id": "1", "name": "RON", "symbol": "lei", "isdefault": "1"} in old.clerk.get("/common/currencies").json
    assert old.clerk.get("/common/expense_category").json == []
    refused(old.clerk.get("/common/nothing"), 404)
