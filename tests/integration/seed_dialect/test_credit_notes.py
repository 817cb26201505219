"""Credit notes of the old dialect: against an invoice, at once, never changed."""

import pytest

from tests.support.seed import OldCompany, refused

LINE = {"newitems[0][description]": "Consultanță tehnică", "newitems[0][rate]": "100.00"}


def credit(old: OldCompany, **fields: str) -> int:
    added = old.clerk.form("POST", "/credit_notes", fields)
    assert added.status_code == 201, added.text
    assert added.json["message"] == "Credit Note Added Successfully"
    record_id: int = added.json["record_id"]
    return record_id


def test_a_line_is_credited_by_what_it_says_and_costs(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1", duedate="2099-01-01")
    note = credit(
        old,
        invoiceid=str(invoice),
        clientid=old.clientid,
        currency="1",
        number="1",
        date=old.company.today.isoformat(),
        subtotal="100.00",
        total="121.00",
        clientnote="preț greșit",
        **{**LINE, "newitems[0][qty]": "1", "newitems[0][taxname][]": "TVA|21.00"},
    )
    row = old.clerk.get(f"/credit_notes/{note}").json
    expected = {
        "id": str(note),
        "clientid": old.clientid,
        "formatted_number": "IZC000001",
        "number": "1",
        "prefix": "IZC",
        "invoiceid": str(invoice),
        "reference_no": "IZV000001",
        "subtotal": "100.00",
        "total_tax": "21.00",
        "total": "121.00",
        "remaining_credits": "0.00",
        "status": "2",
        "clientnote": "preț greșit",
        "currency_name": "RON",
        "billing_street": "Str. Fabricii 12",
        "applied_credits": [{"invoice_id": str(invoice), "amount": "121.00"}],
        "refunds": [],
    }
    assert {name: row[name] for name in expected} == expected
    (item,) = row["items"]
    assert (item["qty"], item["rate"], item["rel_type"]) == ("1.00", "100.00", "credit_note")
    assert old.one(invoice)["total_left_to_pay"] == "121.00"
    (listed,) = old.clerk.get("/credit_notes").json
    assert listed == {name: row[name] for name in listed}


def test_without_lines_the_whole_invoice_named_by_its_number_is_credited(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1")
    note = credit(old, reference_no="IZV000001")
    assert old.clerk.get(f"/credit_notes/{note}").json["clientnote"] == "Storno IZV000001"
    assert old.one(invoice)["status"] == "5"
    again = refused(old.clerk.form("POST", "/credit_notes", {"invoiceid": str(invoice)}), 409, "newitems")
    assert again["code"] == "credit_exceeds_invoice"


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"invoiceid": ""}, 422, "invoiceid"),
        ({"invoiceid": "x"}, 422, "invoiceid"),
        ({"invoiceid": "4711"}, 422, "invoiceid"),
        ({"invoiceid": "", "reference_no": "IZV000009"}, 422, "reference_no"),
        ({"clientid": "4711"}, 422, "clientid"),
        ({"currency": "EUR"}, 422, "currency"),
        ({"date": "2026-01-01"}, 422, "date"),
        ({"total": "1.00"}, 422, "total"),
        ({"number": "9"}, 409, "number"),
        ({"newitems[0][description]": "Altceva", "newitems[0][qty]": "1"}, 422, "newitems[0][description]"),
        ({**LINE, "newitems[0][rate]": "90", "newitems[0][qty]": "1"}, 422, "newitems[0][description]"),
        ({**LINE, "newitems[0][qty]": "3"}, 409, "newitems"),
        ({**LINE, "newitems[0][qty]": "x"}, 422, "newitems[0][qty]"),
        (LINE, 422, "newitems[0][qty]"),
    ],
)
def test_what_cannot_be_credited_is_refused_by_its_name(
    old: OldCompany, change: dict[str, str], status: int, named: str
) -> None:
    invoice = old.add(save_and_send="1")
    form = {"invoiceid": str(invoice), **change}
    refused(old.clerk.form("POST", "/credit_notes", form), status, named)
    assert old.clerk.get("/credit_notes").json == []


def test_a_draft_is_not_credited(old: OldCompany) -> None:
    form = {"invoiceid": str(old.add())}
    assert refused(old.clerk.form("POST", "/credit_notes", form), 409)["code"] == "invoice_not_sent"


def test_a_number_given_out_is_a_conflict(old: OldCompany) -> None:
    first, second = old.add(save_and_send="1"), old.add(save_and_send="1")
    credit(old, invoiceid=str(first))
    body = refused(old.clerk.form("POST", "/credit_notes", {"invoiceid": str(second), "number": "1"}), 409, "number")
    assert body["message"].endswith("number is already in use")
    credit(old, invoiceid=str(second), number="IZC000002")


def test_the_same_key_issues_one_note(old: OldCompany) -> None:
    form = {"invoiceid": str(old.add(save_and_send="1"))}
    answers = [old.clerk.form("POST", "/credit_notes", form, Idempotency_Key="c") for _ in range(2)]
    assert [one.json for one in answers] == [answers[0].json] * 2
    assert len(old.clerk.get("/credit_notes").json) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/credit_notes/{}"), ("DELETE", "/credit_notes/{}"), ("DELETE", "/delete/credit_notes/{}")],
)
def test_an_issued_note_stays_as_it_is(old: OldCompany, method: str, path: str) -> None:
    note = credit(old, invoiceid=str(old.add(save_and_send="1")))
    body = refused(old.clerk.form(method, path.format(note), {"total": "1.00"}), 409)
    assert (body["code"], body["way_out"]) == ("credit_note_issued", "POST /api/invoices")
    assert refused(old.clerk.form(method, path.format(4711), {}), 404)["message"] == "Credit Note ID Doesn't Not Exist."


def test_what_is_left_of_a_note_is_applied_or_paid_out(old: OldCompany) -> None:
    paid, other = old.add(save_and_send="1"), old.add(save_and_send="1")
    payment = {"invoiceid": str(paid), "amount": "242.00", "paymentmode": "1"}
    assert old.clerk.form("POST", "/payments", payment).status_code == 201
    note = credit(old, invoiceid=str(paid))
    row = old.clerk.get(f"/credit_notes/{note}").json
    assert (row["remaining_credits"], row["status"]) == ("242.00", "1")
    applied = old.clerk.form("POST", f"/credit_notes/{note}/apply", {"invoiceid": str(other), "amount": "42.00"})
    assert (applied.status_code, applied.json["status"]) == (200, True)
    assert old.one(other)["total_left_to_pay"] == "200.00"
    too_much = old.clerk.form("POST", f"/credit_notes/{note}/refund", {"amount": "300"})
    refused(too_much, 409, "amount")
    paid_out = old.clerk.form("POST", f"/credit_notes/{note}/refund", {"payment_mode": "2", "note": "retur"})
    assert (paid_out.status_code, paid_out.json["status"]) == (200, True)
    row = old.clerk.get(f"/credit_notes/{note}").json
    assert (row["remaining_credits"], row["status"]) == ("0.00", "2")
    today = old.company.today.isoformat()
    assert row["refunds"] == [{"amount": "200.00", "refunded_on": today, "payment_mode": "2", "note": "retur"}]
    refused(old.clerk.form("POST", f"/credit_notes/{note}/apply", {"invoiceid": "4711"}), 422, "invoiceid")
    for action in ("apply", "refund"):
        refused(old.clerk.form("POST", f"/credit_notes/4711/{action}", {"invoiceid": "1"}), 404)


def test_notes_are_paged_and_found(old: OldCompany) -> None:
    notes = [str(credit(old, invoiceid=str(old.add(save_and_send="1")), adminnote=f"motiv {n}")) for n in range(3)]
    page = old.clerk.get("/credit_notes", "page=1&per_page=2&sort=-id").json
    assert [row["id"] for row in page["data"]] == notes[:0:-1]
    assert (page["meta"]["total"], page["meta"]["has_more"]) == (3, True)

    def found(term: str) -> list[str]:
        return [row["id"] for row in old.clerk.get(f"/credit_notes/search/{term}").json]

    assert found("motiv 1") == found("IZC000002") == [notes[1]]
    assert found("tefănescu") == notes[::-1]
    assert found("nimic") == []
    refused(old.clerk.get("/credit_notes/search"), 400)
    assert old.clerk.get("/credit_notes", f"clientid={old.clientid}&fields=total").json[0] == {
        "id": notes[0],
        "total": "242.00",
    }
    refused(old.clerk.get("/credit_notes/4711"), 404)
