"""The whole life of an invoice over HTTP, in the shapes that clients are written against."""

from datetime import timedelta
from typing import Any

from tests.support.house import Company, good, instant, line, refused

ADDRESS = {"street": "Str. Fabricii 12", "city": "Turda", "county": "RO-CJ", "postal_code": "401001", "country": "RO"}
BUYER: dict[str, Any] = {
    "name": "Atelierul de Mobilă Turda SRL",
    "tax_id": "RO14399840",
    "kind": "business",
    "email": "contabilitate@mobila-turda.example",
    "address": ADDRESS,
}


def test_an_invoice_lives_from_draft_to_paid(company: Company) -> None:
    clerk = company.people["clerk"]
    customer = company.customer(**BUYER)
    body = {
        "customer_id": customer["id"],
        "currency": "RON",
        "payment_terms_days": 30,
        "lines": [{**line(), "unit": "H87"}],
        "notes": "Mulțumim!",
        "buyer_reference": "PO-117",
    }
    answer = clerk.post("/invoices", body)
    draft = good(answer, 201)
    assert answer.headers["location"] == f"/api/v1/invoices/{draft['id']}"
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["izvor-position"] == str(draft["position"])
    assert answer.headers["request-id"].startswith("req_")
    assert draft == {
        "id": draft["id"],
        "reference": 1,
        "number": None,
        "series": None,
        "status": "draft",
        "overdue": False,
        "customer": {
            "id": customer["id"],
            "language": "ro",
            **BUYER,
            "phone": None,
            "contact_name": None,
            "identifier": None,
            "legal_registration": None,
        },
        "seller": None,
        "currency": "RON",
        "issue_date": None,
        "due_date": None,
        "payment_terms_days": 30,
        "sent_at": None,
        "lines": [
            {
                "id": "1",
                "description": "Consultanță tehnică",
                "details": "",
                "quantity": "2",
                "unit": "H87",
                "unit_price": "100.00",
                "price_includes_vat": False,
                "gross_unit_price": None,
                "discount": None,
                "vat": {"category": "S", "rate": "21"},
                "net": "200.00",
            }
        ],
        "discount": None,
        "charges": [],
        "tax_point_date": None,
        "delivery_date": None,
        "delivery_country": None,
        "vat_breakdown": [{"category": "S", "rate": "21", "base": "200.00", "vat": "42.00"}],
        "totals": {
            "lines_net": "200.00",
            "discount": "0.00",
            "charges": "0.00",
            "net": "200.00",
            "vat": "42.00",
            "gross": "242.00",
            "paid": "0.00",
            "credited": "0.00",
            "balance": "0.00",
        },
        "payments": [],
        "credit_notes": [],
        "credits_applied": [],
        "cancelled": None,
        "exchange": None,
        "original_due_date": None,
        "remarks": [],
        "discarded": False,
        "document": None,
        "emails": [],
        "reminders": [],
        "reminders_held": False,
        "reminder_requested": False,
        "efactura": {"status": "none", "index": None, "response_code": None, "due_at": None},
        "payment_link": None,
        "notes": "Mulțumim!",
        "buyer_reference": "PO-117",
        "payment_reference": None,
        "order": None,
        "replaces": None,
        "origin": None,
        "metadata": {},
        "warnings": [],
        "version": 2,
        "position": draft["position"],
    }
    sent = good(clerk.post(f"/invoices/{draft['reference']}/send", {"deliver": "none"}))
    assert (sent["number"], sent["series"], sent["status"]) == ("IZV000001", "IZV", "sent")
    assert sent["issue_date"] == company.today.isoformat()
    assert sent["due_date"] == (company.today + timedelta(days=30)).isoformat()
    assert instant(sent["sent_at"]).utcoffset() == timedelta(0)
    assert sent["seller"]["tax_id"] == "RO14399840"
    assert sent["totals"]["balance"] == "242.00"

    part = company.pay(sent, "100.00")
    assert part["status"] == "partially_paid"
    assert part["totals"] | {"paid": "100.00", "balance": "142.00"} == part["totals"]
    assert part["payments"] == [
        {
            "payment_id": part["payments"][0]["payment_id"],
            "amount": "100.00",
            "date": company.today.isoformat(),
            "method": "bank_transfer",
            "reference": "OP 12",
        }
    ]
    paid = company.pay(sent, "142.00")
    assert (paid["status"], paid["totals"]["balance"], len(paid["payments"])) == ("paid", "0.00", 2)
    read = clerk.get(f"/invoices/{draft['id']}")
    assert read.json == paid
    assert read.headers["etag"].startswith(f'"{paid["version"]}-')


def test_a_draft_is_changed_line_by_line_and_discarded(company: Company) -> None:
    sales = company.people["sales"]
    draft = company.draft()
    here = f"/invoices/{draft['id']}"
    added = good(sales.post(f"{here}/lines", line("1.5", "10.123456", "11")), 201)
    assert [one["id"] for one in added["lines"]] == ["1", "2"]
    assert added["lines"][1] | {"quantity": "1.5", "unit_price": "10.123456", "net": "15.19"} == added["lines"][1]
    changed = good(sales.patch(f"{here}/lines/2", {"quantity": "3", "discount": {"percent": "10"}}))
    assert changed["lines"][1]["net"] == "27.33"
    assert changed["lines"][1]["discount"] == {"percent": "10", "amount": None}
    assert changed["vat_breakdown"] == [
        {"category": "S", "rate": "21", "base": "200.00", "vat": "42.00"},
        {"category": "S", "rate": "11", "base": "27.33", "vat": "3.01"},
    ]
    removed = good(sales.delete(f"{here}/lines/1"))
    assert [one["id"] for one in removed["lines"]] == ["2"]
    again = good(sales.post(f"{here}/lines", line()), 201)
    assert [one["id"] for one in again["lines"]] == ["2", "3"]
    edited = good(sales.patch(here, {"notes": "altfel", "discount": {"amount": "5.00"}, "metadata": {"a": "b"}}))
    assert (edited["notes"], edited["totals"]["discount"], edited["metadata"]) == ("altfel", "5.00", {"a": "b"})
    discarded = good(sales.delete(here, reason="typed twice"))
    assert (discarded["status"], discarded["discarded"]) == ("draft", True)
    assert good(sales.delete(here))["discarded"] is True
    refused(sales.get(here), 404, "not_found")
    assert good(company.admin.get(f"{here}/history"))["data"][-1]["type"] == "invoice.discarded"
    assert good(sales.get(here, f"version={discarded['version'] - 1}"))["discarded"] is False
    refused(sales.patch(here, {"notes": "no"}), 409, "invoice_discarded")


def test_a_line_that_is_not_there_is_not_found(company: Company) -> None:
    draft = company.draft()
    refused(company.admin.patch(f"/invoices/{draft['id']}/lines/9", {"quantity": "1"}), 404, "not_found")
    refused(company.admin.delete(f"/invoices/{draft['id']}/lines/9"), 404, "not_found")


def test_what_is_above_the_balance_stays_as_the_customers_credit(company: Company) -> None:
    invoice = company.sent()
    paid = company.pay(invoice, "300.00")
    assert (paid["status"], paid["payments"][0]["amount"]) == ("paid", "242.00")
    customer = good(company.admin.get(f"/customers/{invoice['customer']['id']}", after=str(paid["position"])))
    assert (customer["balance"], customer["credit"]) == ("0.00", "58.00")
    assert customer["balances"] == [{"currency": "RON", "balance": "0.00", "credit": "58.00"}]


def test_one_payment_is_spread_over_many_invoices_allocated_later_and_reversed(company: Company) -> None:
    admin = company.admin
    customer = company.customer()
    first, second, third = (company.sent(customer_id=customer["id"]) for _ in range(3))
    today = company.today.isoformat()
    body = {
        "customer_id": customer["id"],
        "amount": "500.00",
        "currency": "RON",
        "date": today,
        "method": "bank_transfer",
        "reference": "OP 7",
        "allocations": [{"invoice_id": first["id"], "amount": "242.00"}, {"invoice_id": str(second["reference"])}],
    }
    answer = admin.post("/payments", body)
    payment = good(answer, 201)
    assert answer.headers["location"] == f"/api/v1/payments/{payment['id']}"
    assert payment["allocations"] == [
        {"invoice_id": first["id"], "amount": "242.00"},
        {"invoice_id": second["id"], "amount": "242.00"},
    ]
    assert (payment["amount"], payment["unallocated"], payment["reversed"]) == ("500.00", "16.00", False)
    later = good(
        admin.post(
            f"/payments/{payment['id']}/allocations", {"date": today, "allocations": [{"invoice_id": third["id"]}]}
        ),
        201,
    )
    assert later["unallocated"] == "0.00"
    assert good(admin.get(f"/invoices/{third['id']}"))["totals"]["balance"] == "226.00"
    assert good(admin.get(f"/payments/{payment['id']}")) == later
    back = good(admin.post(f"/payments/{payment['id']}/reversal", {"date": today, "reason": "bounced"}))
    assert (back["reversed"], back["reversal_reason"], back["allocations"]) == (True, "bounced", [])
    assert good(admin.get(f"/invoices/{first['id']}"))["status"] == "sent"
    refused(
        admin.post(f"/payments/{payment['id']}/reversal", {"date": today, "reason": "again"}), 409, "payment_reversed"
    )
    listed = good(admin.get("/payments", f"customer_id={customer['id']}", after=str(back["position"])))
    assert listed["data"] == [back]


def test_a_sent_invoice_is_corrected_by_credit_note_and_reissued(company: Company) -> None:
    admin = company.admin
    invoice = company.sent(line(), line("1", "50.00", "11"))
    answer = admin.post(
        f"/invoices/{invoice['id']}/credit-notes", {"full": True, "reason": "wrong price", "reissue": True}
    )
    made = good(answer, 201)
    note, credited, again = made["credit_note"], made["invoice"], made["reissued"]
    assert answer.headers["location"] == f"/api/v1/credit-notes/{note['id']}"
    assert (note["number"], note["series"], note["invoice_number"]) == ("IZC000001", "IZC", invoice["number"])
    assert note["totals"]["gross"] == invoice["totals"]["gross"] == credited["totals"]["credited"]
    assert (credited["status"], credited["totals"]["balance"]) == ("credited", "0.00")
    assert credited["credit_notes"][0]["number"] == "IZC000001"
    assert credited["credit_notes"][0]["amount"] == invoice["totals"]["gross"]
    assert (again["status"], again["number"], again["replaces"]) == ("draft", None, invoice["id"])
    assert [one["net"] for one in again["lines"]] == [one["net"] for one in invoice["lines"]]
    position = answer.headers["izvor-position"]
    assert good(admin.get(f"/credit-notes/{note['reference']}"))["number"] == "IZC000001"
    listed = good(admin.get("/credit-notes", after=position))
    assert [one["id"] for one in listed["data"]] == [note["id"]]
    assert good(admin.get(f"/invoices/{again['id']}"))["lines"] == again["lines"]


def test_lines_are_credited_in_part_and_never_more_than_was_sold(company: Company) -> None:
    invoice = company.sent(line("3", "100.00"))
    here = f"/invoices/{invoice['id']}/credit-notes"
    made = good(
        company.admin.post(here, {"lines": [{"line_id": "1", "quantity": "1"}], "reason": "one came back"}), 201
    )
    assert made["credit_note"]["lines"] == [{"line_id": "1", "quantity": "1", "net": "100.00"}]
    assert (made["reissued"], made["invoice"]["totals"]["balance"]) == (None, "242.00")
    body = {"lines": [{"line_id": "1", "quantity": "2.5"}], "reason": "too many"}
    refused(company.admin.post(here, body), 409, "credit_exceeds_invoice")
    for quantity in ("0", "-1"):
        refused_quantity = {"lines": [{"line_id": "1", "quantity": quantity}], "reason": "nothing"}
        refused(company.admin.post(here, refused_quantity), 409, "credit_exceeds_invoice")


def test_reminders_are_held_and_resumed(company: Company) -> None:
    here = f"/invoices/{company.sent()['id']}/reminders/hold"
    assert good(company.admin.put(here, {"reason": "disputed"}))["reminders_held"] is True
    assert good(company.admin.put(here))["reminders_held"] is True
    assert good(company.admin.delete(here))["reminders_held"] is False


def test_a_customer_is_registered_changed_and_listed(company: Company) -> None:
    admin = company.admin
    answer = admin.post("/customers", {**BUYER, "ibans": ["RO49AAAA1B31007593840000"], "language": "en"})
    made = good(answer, 201)
    assert answer.headers["location"] == f"/api/v1/customers/{made['id']}"
    assert made == {
        **BUYER,
        "id": made["id"],
        "reference": 1,
        "phone": None,
        "ibans": ["RO49AAAA1B31007593840000"],
        "language": "en",
        "contact_name": None,
        "identifier": None,
        "legal_registration": None,
        "declined_notices": [],
        "erased_at": None,
        "balance": "0.00",
        "credit": "0.00",
        "balances": [],
        "version": 1,
        "position": made["position"],
    }
    changed = good(admin.patch(f"/customers/{made['reference']}", {"email": None, "phone": "+40 264 000 000"}))
    assert (changed["email"], changed["phone"], changed["name"]) == (None, "+40 264 000 000", BUYER["name"])
    assert good(admin.get(f"/customers/{made['id']}")) == changed
    found = good(admin.get("/customers", "q=mobila", after=str(changed["position"])))
    assert (found["data"], found["has_more"], found["next"]) == ([changed], False, None)


def test_a_customer_of_a_yen_company_owes_whole_yen(house_company_in_yen: Company) -> None:
    assert house_company_in_yen.customer()["balance"] == "0"


def test_an_organization_is_read_and_changed_by_its_admin(company: Company) -> None:
    before = good(company.admin.get("/organization"))
    assert before | {"id": company.organization_id, "currency": "RON", "invoice_series": "IZV"} == before
    changes = {"payment_terms_days": 14, "email": "facturi@izvor.example", "language": "en"}
    after = good(company.admin.patch("/organization", changes))
    assert after == before | changes | {"version": 2}
    assert good(company.admin.get("/organization")) == after
    due = good(company.admin.post(f"/invoices/{company.draft()['id']}/send"))["due_date"]
    assert due == (company.today + timedelta(days=14)).isoformat()


def test_a_sent_invoice_cannot_be_edited_and_the_answer_names_the_way_out(company: Company) -> None:
    invoice = company.sent()
    here = f"/invoices/{invoice['id']}"
    for answer in (
        company.admin.patch(here, {"notes": "x"}),
        company.admin.delete(here),
        company.admin.post(f"{here}/send"),
        company.admin.post(f"{here}/lines", line()),
        company.admin.patch(f"{here}/lines/1", {"quantity": "1"}),
        company.admin.delete(f"{here}/lines/1"),
    ):
        problem = refused(answer, 409, "invoice_already_sent")
        assert "credit-notes" in problem["detail"]
        assert problem["facts"] == {"number": "IZV000001", "way_out": "credit-notes"}
    assert good(company.admin.get(here)) == invoice


def test_only_what_was_sent_can_be_paid_or_credited(company: Company) -> None:
    draft = company.draft()
    here = f"/invoices/{draft['id']}"
    payment = {"amount": "1.00", "date": company.today.isoformat()}
    refused(company.admin.post(f"{here}/payments", payment), 409, "invoice_not_sent")
    refused(company.admin.post(f"{here}/credit-notes", {"full": True, "reason": "x"}), 409, "invoice_not_sent")
    refused(company.admin.put(f"{here}/reminders/hold"), 409, "invoice_not_sent")
    refused(company.admin.post(f"/invoices/{company.draft(lines=[])['id']}/send"), 422, "invoice_without_lines")
