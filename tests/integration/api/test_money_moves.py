"""Payments and credit over HTTP: taken back, used elsewhere, refunded; once where they are told twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.house import Company, good, line, refused


def payment(company: Company, customer_id: str, amount: str, **more: Any) -> dict[str, Any]:
    body = {"customer_id": customer_id, "amount": amount, "date": company.today.isoformat(), **more}
    return good(company.admin.post("/payments", body), 201)


def invoice_of(company: Company, invoice: dict[str, Any]) -> dict[str, Any]:
    return good(company.admin.get(f"/invoices/{invoice['id']}"))


def balance_of(company: Company, customer_id: str, after: dict[str, Any]) -> tuple[str, str]:
    customer = good(company.admin.get(f"/customers/{customer_id}", after=str(after["position"])))
    return customer["balance"], customer["credit"]


def test_money_matched_wrongly_is_taken_back_and_given_to_the_right_invoice(company: Company) -> None:
    customer = company.customer()
    wrong = company.sent(customer_id=customer["id"])
    right = company.sent(line("1"), customer_id=customer["id"])
    paid = payment(company, customer["id"], "121.00", allocations=[{"invoice_id": wrong["id"]}])
    today = company.today.isoformat()
    back = {"date": today, "reason": "wrong invoice", "allocations": [{"invoice_id": wrong["id"]}]}
    taken = good(company.admin.post(f"/payments/{paid['id']}/deallocations", back), 201)
    assert (taken["allocations"], taken["unallocated"]) == ([], "121.00")
    assert invoice_of(company, wrong)["totals"]["balance"] == "242.00"
    assert balance_of(company, customer["id"], taken) == ("363.00", "121.00")
    given = {"date": today, "allocations": [{"invoice_id": right["id"]}]}
    good(company.admin.post(f"/payments/{paid['id']}/allocations", given), 201)
    assert invoice_of(company, right)["status"] == "paid"
    refused(company.admin.post(f"/payments/{paid['id']}/deallocations", back), 422, "nothing_to_deallocate")
    words = [one["summary"] for one in good(company.admin.get(f"/invoices/{wrong['id']}/history"))["data"]]
    assert words[-1] == "Payment of 121.00 RON taken back: wrong invoice, 242.00 RON left to pay"


def test_an_invoice_that_is_none_is_named_where_the_body_names_it(company: Company) -> None:
    customer = company.customer()
    paid = payment(company, customer["id"], "100.00")
    right = {"invoice_id": company.sent(customer_id=customer["id"])["id"]}
    body = {"date": company.today.isoformat(), "allocations": [right, {"invoice_id": "4711"}]}
    answer = company.admin.post(f"/payments/{paid['id']}/allocations", body)
    problem = refused(answer, 422, "validation_failed", "/allocations/1/invoice_id")
    assert problem["errors"][0]["code"] == "unknown_invoice"


def test_customer_credit_goes_back_to_the_customer_and_never_more_of_it(company: Company) -> None:
    customer = company.customer()
    paid = payment(company, customer["id"], "100.00")
    refund = {"date": company.today.isoformat(), "amount": "60.00", "reason": "paid twice", "reference": "OP 3"}
    refunded = good(company.admin.post(f"/payments/{paid['id']}/refunds", refund), 201)
    assert (refunded["refunded"], refunded["unallocated"]) == ("60.00", "40.00")
    refused(company.admin.post(f"/payments/{paid['id']}/refunds", refund), 409, "refund_exceeds_credit")
    reversal = {"date": company.today.isoformat(), "reason": "bounced"}
    refused(company.admin.post(f"/payments/{paid['id']}/reversal", reversal), 409, "payment_refunded")
    assert balance_of(company, customer["id"], refunded) == ("0.00", "40.00")


def test_a_gateway_that_tells_of_a_payment_twice_is_answered_with_the_first(company: Company) -> None:
    invoice = company.sent()
    body = {
        "amount": "100.00",
        "date": company.today.isoformat(),
        "method": "card",
        "external_reference": "pi_3Nf",
    }
    first = good(company.admin.post(f"/invoices/{invoice['id']}/payments", body), 201)
    again = good(company.admin.post(f"/invoices/{invoice['id']}/payments", body), 200)
    assert again["totals"] == first["totals"]
    assert len(again["payments"]) == 1
    other = {**body, "amount": "50.00"}
    refused(company.admin.post(f"/invoices/{invoice['id']}/payments", other), 409, "external_reference_reused")
    assert good(company.admin.post(f"/invoices/{invoice['id']}/payments", {**body, "method": "till"}), 201)


def test_many_at_once_who_tell_of_the_same_payment_record_it_once(company: Company) -> None:
    customer = company.customer()
    body = {
        "customer_id": customer["id"],
        "amount": "100.00",
        "date": company.today.isoformat(),
        "method": "card",
        "external_reference": "pi_4",
    }
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: company.admin.post("/payments", body), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    page = good(company.admin.get("/payments", after=str(answers[0].json["position"]), query="external_reference=pi_4"))
    assert len(page["data"]) == 1


def test_what_a_credit_note_leaves_is_used_elsewhere_taken_back_and_refunded(company: Company) -> None:
    customer = company.customer()
    first = company.sent(customer_id=customer["id"])
    company.pay(first, "242.00")
    note = company.credit(first)["credit_note"]
    assert (note["state"], note["applied"], note["unapplied"]) == ("open", "0.00", "242.00")
    second = company.sent(line("1"), customer_id=customer["id"])
    today = company.today.isoformat()
    path = f"/credit-notes/{note['id']}"
    wish = {"date": today, "allocations": [{"invoice_id": second["id"]}]}
    applied = good(company.admin.post(f"{path}/applications", wish), 201)
    assert (applied["applied"], applied["unapplied"]) == ("121.00", "121.00")
    paid = invoice_of(company, second)
    assert (paid["status"], paid["totals"]["credited"]) == ("paid", "121.00")
    assert paid["credits_applied"] == [{"credit_note_id": note["id"], "number": note["number"], "amount": "121.00"}]
    refused(company.admin.post(f"{path}/applications", wish), 422, "nothing_to_allocate")
    back = {"date": today, "reason": "elsewhere", "allocations": [{"invoice_id": second["id"], "amount": "21.00"}]}
    good(company.admin.post(f"{path}/deallocations", back), 201)
    refund = {"date": today, "reason": "asked for"}
    closed = good(company.admin.post(f"{path}/refunds", refund), 201)
    assert (closed["state"], closed["refunded"], closed["applied"]) == ("closed", "142.00", "100.00")
    refused(company.admin.post(f"{path}/refunds", refund), 409, "refund_exceeds_credit")
    after = str(closed["position"])
    listed = good(company.admin.get("/credit-notes", query="state=closed", after=after))["data"]
    assert [{**one, "position": 0} for one in listed] == [{**closed, "position": 0}]
    assert good(company.admin.get("/credit-notes", query="state=open"))["data"] == []
    assert balance_of(company, customer["id"], closed) == ("21.00", "0.00")


def test_cancelling_is_a_full_credit_with_a_reason(company: Company) -> None:
    invoice = company.sent()
    answer = good(
        company.admin.post(f"/invoices/{invoice['id']}/cancel", {"reason": "order cancelled", "reissue": True}), 201
    )
    assert answer["invoice"]["status"] == "cancelled"
    assert answer["invoice"]["cancelled"]["reason"] == "order cancelled"
    assert answer["reissued"]["status"] == "draft"
    after = str(answer["invoice"]["position"])
    found = good(company.admin.get("/invoices", query="status=cancelled", after=after))["data"]
    assert [one["id"] for one in found] == [invoice["id"]]
    again = company.admin.post(f"/invoices/{invoice['id']}/cancel", {"reason": "x"})
    refused(again, 409, "credit_exceeds_invoice")


def test_a_credit_note_is_shown_before_it_is_issued(company: Company) -> None:
    invoice = company.sent()
    body = {"lines": [{"line_id": "1", "quantity": "1"}], "reason": "returned", "reissue": True}
    before = company.house.facts()
    path = f"/invoices/{invoice['id']}/credit-notes"
    shown = good(company.admin.ask("POST", path, body, query="dry_run=true"))
    assert (shown["credit_note"]["id"], shown["credit_note"]["number"]) == ("", "")
    assert shown["credit_note"]["totals"]["gross"] == "121.00"
    assert shown["invoice"]["totals"]["balance"] == "121.00"
    assert company.house.facts() == before
    assert company.credit(invoice)["credit_note"]["reference"] == 1
    assert invoice_of(company, invoice)["credit_notes"][0]["number"] == "IZC000001"
    refused(company.admin.ask("POST", path, body, query="dry_run=true"), 409, "credit_exceeds_invoice")


def test_another_due_date_does_not_change_what_was_overdue_before(company: Company) -> None:
    customer = company.customer()
    invoice = company.sent(customer_id=customer["id"], issue_date=company.days_ago(60), due_date=company.days_ago(40))
    assert invoice["status"] == "overdue"
    later = {"due_date": company.days_ago(-10), "reason": "agreed by phone"}
    extended = good(company.admin.post(f"/invoices/{invoice['id']}/due-date", later))
    assert (extended["status"], extended["overdue"]) == ("sent", False)
    assert (extended["due_date"], extended["original_due_date"]) == (company.days_ago(-10), company.days_ago(40))
    after = str(extended["position"])
    now = good(company.admin.get("/reports/aging", after=after))["rows"][0]
    assert (now["not_due"], now["days_31_60"], now["balance"]) == ("242.00", "0.00", "242.00")
    then = good(company.admin.get("/reports/aging", query=f"as_of={company.days_ago(1)}"))["rows"][0]
    assert (then["not_due"], then["days_31_60"], then["balance"]) == ("0.00", "242.00", "242.00")
    past = good(company.admin.get(f"/invoices/{invoice['id']}", query=f"as_of={company.days_ago(1)}"))
    assert (past["due_date"], past["status"]) == (company.days_ago(40), "overdue")
    early = {"due_date": company.days_ago(61), "reason": "x"}
    refused(company.admin.post(f"/invoices/{invoice['id']}/due-date", early), 422, "due_date_before_issue")
    typo = {"due_date": "2206-12-23", "reason": "x"}
    refused(company.admin.post(f"/invoices/{invoice['id']}/due-date", typo), 422, "due_date_too_late", "/due_date")


def test_a_movement_on_a_day_that_does_not_fit_names_its_date(company: Company) -> None:
    invoice = company.sent(issue_date=company.days_ago(5))
    paid = company.pay(invoice, "300.00", company.days_ago(3))["payments"][0]["payment_id"]
    later = company.sent(customer_id=invoice["customer"]["id"])
    wishes = {"allocations": [{"invoice_id": later["id"]}]}
    for path, day, code in (
        ("allocations", 4, "allocation_before_payment"),
        ("allocations", 3, "allocation_before_invoice"),
        ("deallocations", 4, "deallocation_before_payment"),
        ("reversal", 4, "reversal_before_payment"),
        ("refunds", 4, "refund_before_payment"),
    ):
        reason = {} if path == "allocations" else {"reason": "x"}
        what = wishes if path.endswith("allocations") else {}
        body = {"date": company.days_ago(day), **reason, **what}
        refused(company.admin.post(f"/payments/{paid}/{path}", body), 422, code, "/date")


def test_a_remark_is_for_the_house(company: Company) -> None:
    invoice = company.sent()
    noted = good(company.admin.post(f"/invoices/{invoice['id']}/notes", {"text": "promised to pay"}), 201)
    assert noted["remarks"] == [{"date": company.today.isoformat(), "text": "promised to pay"}]
    assert noted["notes"] is None
    refused(company.admin.post(f"/invoices/{invoice['id']}/notes", {"text": " "}), 422, "note_empty")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=open", [2]),
        ("state=used", [1]),
        ("state=reversed", [3]),
        ("method=cash", [2]),
        ("reference=OP%201", [1]),
        ("currency=EUR", []),
        ("limit=1", [1]),
    ],
)
def test_payments_are_found_by_what_is_asked_of_them(company: Company, query: str, expected: list[int]) -> None:
    customer = company.customer()
    invoice = company.sent(customer_id=customer["id"])
    payment(company, customer["id"], "10.00", reference="OP 1", allocations=[{"invoice_id": invoice["id"]}])
    payment(company, customer["id"], "20.00", method="cash")
    last = payment(company, customer["id"], "30.00")
    bounced = {"date": company.today.isoformat(), "reason": "bounced"}
    last = good(company.admin.post(f"/payments/{last['id']}/reversal", bounced))
    after = str(last["position"])
    found = good(company.admin.get("/payments", query=query, after=after))["data"]
    assert [one["reference_number"] for one in found] == expected
    by_invoice = good(company.admin.get("/payments", query=f"invoice_id={invoice['id']}"))["data"]
    assert [one["reference_number"] for one in by_invoice] == [1]
    today = company.today.isoformat()
    in_time = good(company.admin.get("/payments", query=f"paid_from={today}&paid_to={today}"))["data"]
    assert len(in_time) == 3
