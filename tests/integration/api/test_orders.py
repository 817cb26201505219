"""Accepted sales orders over HTTP: one invoice each, however often they are told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.house import Company, Person, good, line, refused


def order(number: str = "ord-1", **more: Any) -> dict[str, Any]:
    return {
        "customer": {"name": "Atelierul Ștefănescu SRL"},
        "lines": [line()],
        "order": {"id": number, "number": f"CMD {number}", "date": "2026-11-20"},
        **more,
    }


def test_an_accepted_order_becomes_a_draft_and_told_again_the_same_draft(company: Company) -> None:
    answer = company.admin.post("/invoices/from-order", order())
    made = good(answer, 201)
    assert answer.headers["location"] == f"/api/v1/invoices/{made['id']}"
    assert (made["status"], made["number"]) == ("draft", None)
    assert made["order"] == {"id": "ord-1", "number": "CMD ord-1", "date": "2026-11-20"}
    again = company.admin.post("/invoices/from-order", order(notes="another text", lines=[line("9")], send=True))
    assert good(again, 200) == made
    assert again.headers["etag"] == answer.headers["etag"]
    assert good(company.admin.post("/invoices/from-order", order("ord-2")), 201)["id"] != made["id"]


def test_one_click_sends_it(company: Company) -> None:
    made = good(company.admin.post("/invoices/from-order", order(send=True)), 201)
    assert (made["status"], made["number"]) == ("sent", "IZV000001")
    assert good(company.admin.post("/invoices/from-order", order(send=True)), 200)["number"] == "IZV000001"


def test_thirty_at_once_get_one_invoice_and_one_number(company: Company) -> None:
    def tell(_: int) -> tuple[int, str, str]:
        answer = company.admin.post("/invoices/from-order", order(send=True))
        body = answer.json
        return answer.status_code, body["id"], body["number"]

    with ThreadPoolExecutor(30) as pool:
        told = list(pool.map(tell, range(30)))
    assert sorted(status for status, _, _ in told) == [200] * 29 + [201]
    assert len({(found, number) for _, found, number in told}) == 1
    facts = good(company.admin.get("/events", "limit=1000"))["data"]
    kinds = [fact["type"] for fact in facts]
    assert kinds.count("order.invoiced/1") == kinds.count("invoice.sent/1") == kinds.count("customer.registered/1") == 1


def test_a_key_of_the_client_and_the_id_of_the_order_agree(company: Company) -> None:
    first = good(company.admin.post("/invoices/from-order", order(), key="k-1"), 201)
    replayed = company.admin.post("/invoices/from-order", order(), key="k-1")
    assert good(replayed, 201) == first
    assert replayed.headers["idempotency-replayed"] == "true"
    assert good(company.admin.post("/invoices/from-order", order(), key="k-2"), 200)["id"] == first["id"]
    refused(company.admin.post("/invoices/from-order", order("ord-9"), key="k-1"), 422, "idempotency_key_reused")


def test_an_order_that_cannot_be_sent_leaves_nothing_behind(company: Company) -> None:
    refused(company.admin.post("/invoices/from-order", order(send=True, lines=[])), 422, "invoice_without_lines")
    assert good(company.admin.post("/invoices/from-order", order(send=True)), 201)["number"] == "IZV000001"


def test_who_writes_drafts_takes_orders_and_does_not_send(company: Company) -> None:
    sales: Person = company.people["sales"]
    refused(sales.post("/invoices/from-order", order(send=True)), 403, "forbidden")
    good(sales.post("/invoices/from-order", order()), 201)
    refused(company.people["auditor"].post("/invoices/from-order", order()), 403, "forbidden")


def test_an_order_has_an_id_and_a_date(company: Company) -> None:
    refused(
        company.admin.post("/invoices/from-order", order() | {"order": {"id": "x"}}),
        422,
        "validation_failed",
        "/order/date",
    )
    refused(
        company.admin.post("/invoices/from-order", order() | {"order": {"id": " ", "date": "2026-11-20"}}),
        422,
        "order_id_missing",
    )


def test_wishes_about_sending_are_not_passed_over_in_silence(company: Company) -> None:
    refused(company.admin.post("/invoices/from-order", order(series="CJ")), 422, "validation_failed", "/send")


def test_the_same_order_id_of_another_organization_is_another_order(company: Company) -> None:
    other = company.house.company()
    first = good(company.admin.post("/invoices/from-order", order()), 201)
    assert good(other.admin.post("/invoices/from-order", order()), 201)["id"] != first["id"]
