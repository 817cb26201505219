"""A token may be made for clients that test for the status codes of the original's code."""

from dataclasses import replace

from tests.support.house import open_house
from tests.support.seed import OldClient, OldCompany, refused


def test_what_is_created_is_200_also_when_the_key_is_repeated(old: OldCompany) -> None:
    client = old.compatible()
    for _ in range(2):
        added = client.form("POST", "/invoices", old.fields(save_and_send="1"), Idempotency_Key="k")
        assert (added.status_code, added.json["record_id"]) == (200, 1)
    assert client.form("POST", "/customers", {"company": "X"}).status_code == 200
    paid = client.form("POST", "/payments", {"invoiceid": "1", "amount": "242", "paymentmode": "1"})
    assert (paid.status_code, paid.json["status"]) == (200, True)
    assert client.form("POST", "/credit_notes", {"invoiceid": "1"}).status_code == 200


def test_a_faulty_form_is_404_when_adding_and_409_when_updating(old: OldCompany) -> None:
    client = old.compatible()
    record_id = old.add(save_and_send="1")
    refused(client.form("POST", "/invoices", old.fields(total="1.00")), 404, "total")
    refused(client.form("POST", "/invoices", old.fields(number="1")), 404, "number")
    refused(client.form("PUT", f"/invoices/{old.add()}", {"total": "1.00"}), 409, "total")
    unknown = refused(client.form("PUT", "/invoices/4711", {"terms": "x"}), 409)
    assert unknown["message"] == "Invoice ID Doesn't Not Exist."
    assert refused(client.delete(f"/invoices/{record_id}"), 404)["code"] == "invoice_already_sent"
    refused(client.form("PUT", f"/invoices/{record_id}", {}), 406)


def test_an_empty_list_or_search_is_404(old: OldCompany) -> None:
    client = old.compatible()
    for kind in ("invoices", "payments", "credit_notes"):
        for path, query in ((f"/{kind}", None), (f"/{kind}", "page=1"), (f"/{kind}/search/x", None)):
            assert refused(client.get(path, query), 404)["message"] == "No data were found"
            assert old.clerk.get(path, query).status_code == 200
    old.add()
    assert len(client.get("/invoices").json) == 1


def test_a_key_for_another_request_stays_what_it_is(old: OldCompany) -> None:
    client = old.compatible()
    client.form("POST", "/customers", {"company": "X"}, Idempotency_Key="k")
    again = client.form("POST", "/customers", {"company": "Y"}, Idempotency_Key="k")
    assert refused(again, 422)["code"] == "idempotency_key_reused"


def test_the_native_face_answers_such_a_token_as_any_other(old: OldCompany) -> None:
    token = old.compatible().headers["authtoken"]
    person = replace(old.company.admin, headers={"Authorization": f"Bearer {token}"})
    assert person.post("/customers", {"name": "X"}).status_code == 201
    assert person.post("/customers", {}).status_code == 422


def test_limits_are_told_and_kept_in_the_old_words(old: OldCompany) -> None:
    with open_house(old.company.house.database, projecting=False, requests_per_minute=6) as limited:
        client = OldClient(limited.client, old.clerk.headers)
        first = client.get("/invoices")
        assert (first.status_code, first.headers["x-ratelimit-limit"]) == (200, "1")
        over = client.get("/invoices")
        assert refused(over, 429)["message"] == "Rate limit exceeded"
        assert over.headers["x-ratelimit-remaining"] == "0"
        assert over.headers["retry-after"]
