"""Payments of the old dialect: once for each transaction, never lost, never rewritten."""

import pytest

from tests.support.house import good
from tests.support.seed import OldCompany, refused


def pay(old: OldCompany, invoice: int, **fields: str) -> int:
    form = {"invoiceid": str(invoice), "amount": "100.00", "paymentmode": "1", **fields}
    added = old.clerk.form("POST", "/payments", form)
    assert added.status_code == 201, added.text
    assert added.json["message"] == "Payment add successful."
    record_id: int = added.json["record_id"]
    return record_id


def test_a_payment_lowers_what_is_left_to_pay(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1", duedate="2099-01-01")
    payment = pay(old, invoice, date="2026-11-10", note="avans", transactionid="tx-1", paymentmethod="Visa")
    assert (old.one(invoice)["total_left_to_pay"], old.one(invoice)["status"]) == ("142.00", "3")
    row = old.clerk.get(f"/payments/{payment}").json
    assert len(row.pop("daterecorded")) == len("2026-11-24 08:00:00")
    assert row == {
        "id": str(payment),
        "paymentid": str(payment),
        "invoiceid": str(invoice),
        "invoiceids": [str(invoice)],
        "amount": "100.00",
        "paymentmode": "1",
        "paymentmethod": "bank_transfer",
        "name": "Transfer bancar",
        "date": "2026-11-10",
        "note": "avans\nVisa",
        "transactionid": "tx-1",
    }
    (listed,) = old.clerk.get("/payments").json
    assert {name: value for name, value in listed.items() if name != "daterecorded"} == row


def test_a_payment_without_a_date_came_today(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1")
    row = old.clerk.get(f"/payments/{pay(old, invoice, paymentmode='stripe')}").json
    assert row["date"] == old.company.today.isoformat()
    assert (row["paymentmode"], row["name"]) == ("stripe", "stripe")


def test_the_same_transaction_is_the_same_payment(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1")
    first = pay(old, invoice, transactionid="tx-1")
    again = old.clerk.json(
        "POST", "/payments", {"invoiceid": invoice, "amount": 100, "paymentmode": 1, "transactionid": "tx-1"}
    )
    assert (again.status_code, again.json["record_id"]) == (200, first)
    assert old.one(invoice)["total_left_to_pay"] == "142.00"
    other = old.clerk.form(
        "POST",
        "/payments",
        {"invoiceid": str(invoice), "amount": "7.00", "paymentmode": "1", "transactionid": "tx-1"},
    )
    assert refused(other, 409, "transactionid")["code"] == "external_reference_reused"


def test_more_than_is_owed_is_customer_credit(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1")
    payment = pay(old, invoice, amount="300.00")
    assert old.one(invoice)["status"] == "2"
    assert good(old.company.admin.get(f"/payments/{payment}"))["unallocated"] == "58.00"


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"invoiceid": "4711"}, 422, "invoiceid"),
        ({"invoiceid": "zero"}, 422, "invoiceid"),
        ({"invoiceid": ""}, 422, "invoiceid"),
        ({"amount": "0"}, 422, "amount"),
        ({"amount": "1.005"}, 422, "amount"),
        ({"amount": ""}, 422, "amount"),
        ({"paymentmode": ""}, 422, "paymentmode"),
        ({"date": "2099-01-01"}, 422, "date"),
        ({"date": "ieri"}, 422, "date"),
    ],
)
def test_what_is_no_payment_is_refused_under_the_original_flag(
    old: OldCompany, change: dict[str, str], status: int, named: str
) -> None:
    invoice = old.add(save_and_send="1")
    form = {"invoiceid": str(invoice), "amount": "1.00", "paymentmode": "1", **change}
    body = refused(old.clerk.form("POST", "/payments", form), status, named)
    assert body["paymentmode"] is False
    assert old.clerk.get("/payments").json == []


def test_a_draft_takes_no_payment(old: OldCompany) -> None:
    form = {"invoiceid": str(old.add()), "amount": "1.00", "paymentmode": "1"}
    assert refused(old.clerk.form("POST", "/payments", form), 409, "invoiceid")["code"] == "invoice_not_sent"


@pytest.mark.parametrize("path", ["/payments/{}", "/delete/payments/{}"])
def test_deleting_reverses_and_the_invoice_is_open_again(old: OldCompany, path: str) -> None:
    invoice = old.add(save_and_send="1")
    payment = pay(old, invoice)
    answer = old.clerk.delete(path.format(payment))
    assert (answer.status_code, answer.json["status"]) == (200, True)
    assert old.one(invoice)["total_left_to_pay"] == "242.00"
    assert old.clerk.get("/payments").json == []
    for gone in (old.clerk.get(f"/payments/{payment}"), old.clerk.delete(path.format(payment))):
        assert refused(gone, 404)["message"] == "No data were found"
    assert good(old.company.admin.get(f"/payments/{payment}"))["reversed"] is True


def test_a_payment_is_not_rewritten_and_the_answer_says_what_to_do(old: OldCompany) -> None:
    payment = pay(old, old.add(save_and_send="1"))
    body = refused(old.clerk.form("PUT", f"/payments/{payment}", {"amount": "5.00"}), 409)
    assert body["way_out"] == f"POST /api/v1/payments/{payment}/reversal"
    refused(old.clerk.form("PUT", "/payments/4711", {"amount": "5.00"}), 404)


def test_payments_are_found_by_mode_amount_reference_and_customer(old: OldCompany) -> None:
    invoice = old.add(save_and_send="1")
    bank = pay(old, invoice, transactionid="OP-77", amount="12.50")
    cash = pay(old, invoice, paymentmode="2")

    def found(term: str) -> list[str]:
        return [row["id"] for row in old.clerk.get(f"/payments/search/{term}").json]

    assert found("cash") == found("2") == found("Numerar") == found("100.00") == [str(cash)]
    assert found("OP-77") == found("12.5") == [str(bank)]
    assert found("tefănescu") == [str(cash), str(bank)]
    for nothing in ("nimic", "%", "1e999999", "sNaN", "9" * 40, "-1.005"):
        assert found(nothing) == []
    refused(old.clerk.get("/payments/search"), 400)


def test_payments_are_paged_ordered_and_narrowed(old: OldCompany) -> None:
    first, second = old.add(save_and_send="1"), old.add(save_and_send="1")
    ids = [str(pay(old, invoice, amount="10.00")) for invoice in (first, first, second)]
    page = old.clerk.get("/payments", "page=2&per_page=2").json
    assert [row["id"] for row in page["data"]] == ids[2:]
    assert (page["meta"]["total"], page["meta"]["last_page"], page["meta"]["has_more"]) == (3, 2, False)
    newest = old.clerk.get("/payments", "sort=-id&fields=amount&per_page=1").json["data"]
    assert newest == [{"id": ids[2], "amount": "10.00"}]
    assert [row["id"] for row in old.clerk.get("/payments", f"invoiceid={second}").json] == ids[2:]
    assert len(old.clerk.get("/payments", f"clientid={old.clientid}").json) == 3
    refused(old.clerk.get("/payments", "sort=amount"), 422)
    refused(old.clerk.get("/payments", "clientid=x"), 422)
