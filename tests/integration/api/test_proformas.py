"""Proformas over HTTP: numbered, without fiscal effect, and an invoice once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.house import Company, good, line, refused


def proforma(company: Company, **more: Any) -> dict[str, Any]:
    body = {"customer": {"name": "Atelierul Ștefănescu SRL"}, "lines": [line()], "notes": "Ofertă", **more}
    return good(company.people["sales"].post("/proformas", body), 201)


def test_a_proforma_is_drafted_and_sent_by_sales_with_a_number_of_its_own(company: Company) -> None:
    made = proforma(company, payment_terms_days=10)
    assert (made["status"], made["number"], made["totals"]["gross"]) == ("draft", None, "242.00")
    sales = company.people["sales"]
    sent = good(sales.post(f"/proformas/{made['id']}/send"))
    assert (sent["status"], sent["number"], sent["series"]) == ("sent", "IZP000001", "IZP")
    assert sent["issue_date"] == company.today.isoformat()
    assert good(sales.get(f"/proformas/{made['id']}")) == sent
    refused(sales.post(f"/proformas/{made['id']}/send"), 409, "proforma_already_sent")
    assert good(sales.post(f"/proformas/{proforma(company)['id']}/send"))["number"] == "IZP000002"


def test_nobody_owes_anything_by_a_proforma(company: Company) -> None:
    made = proforma(company)
    sent = good(company.admin.post(f"/proformas/{made['id']}/send"))
    aging = good(company.admin.get("/reports/aging", after=str(sent["position"])))
    assert (aging["rows"], aging["totals"]) == ([], [])
    assert good(company.admin.get("/invoices", after=str(sent["position"])))["data"] == []


def test_it_becomes_an_invoice_once(company: Company) -> None:
    made = proforma(company, metadata={"crm": "88"})
    good(company.admin.post(f"/proformas/{made['id']}/send"))
    first = company.admin.post(f"/proformas/{made['id']}/invoice")
    invoice = good(first, 201)
    assert first.headers["location"] == f"/api/v1/invoices/{invoice['id']}"
    assert (invoice["status"], invoice["notes"], invoice["metadata"]) == ("draft", "Ofertă", {"crm": "88"})
    assert (invoice["issue_date"], invoice["totals"]["gross"]) == (None, "242.00")
    assert invoice["origin"] == {"kind": "proforma", "id": made["id"], "period": None}
    assert good(company.admin.post(f"/proformas/{made['id']}/invoice"), 200)["id"] == invoice["id"]
    found = good(company.admin.get(f"/proformas/{made['id']}"))
    assert (found["status"], found["invoice_id"]) == ("invoiced", invoice["id"])
    refused(company.admin.post(f"/proformas/{made['id']}/cancel"), 409, "proforma_invoiced")
    assert good(company.admin.post(f"/invoices/{invoice['id']}/send"))["number"] == "IZV000001"


def test_ten_at_once_make_one_invoice_of_it(company: Company) -> None:
    made = proforma(company)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: company.admin.post(f"/proformas/{made['id']}/invoice"), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_a_cancelled_proforma_can_be_read_and_nothing_else(company: Company) -> None:
    made = proforma(company)
    cancelled = good(company.admin.post(f"/proformas/{made['id']}/cancel", {"reason": "Refuzată"}))
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "Refuzată")
    refused(company.admin.post(f"/proformas/{made['id']}/send"), 409, "proforma_cancelled")
    refused(company.admin.post(f"/proformas/{made['id']}/invoice"), 409, "proforma_cancelled")
    refused(company.admin.post("/proformas/999/send"), 404, "not_found")


def test_proformas_are_listed_by_where_they_stand(company: Company) -> None:
    made = [proforma(company) for _ in range(3)]
    sent = good(company.admin.post(f"/proformas/{made[1]['id']}/send"))
    after = str(sent["position"])
    found = good(company.admin.get("/proformas", after=after))
    assert [one["id"] for one in found["data"]] == [one["id"] for one in reversed(made)]
    assert good(company.admin.get("/proformas", "status=sent", after=after))["data"] == [sent]
    first = good(company.admin.get("/proformas", "limit=2", after=after))
    rest = good(company.admin.get("/proformas", f"limit=2&after={first['next']}"))
    assert [one["id"] for one in first["data"] + rest["data"]] == [one["id"] for one in reversed(made)]
    only = f"customer_id={made[0]['customer']['id']}"
    assert [one["id"] for one in good(company.admin.get("/proformas", only, after=after))["data"]] == [made[0]["id"]]
    assert good(company.house.company().admin.get("/proformas", after=after))["data"] == []


def test_the_numbers_of_proformas_are_in_the_report_beside_the_legal_ones(company: Company) -> None:
    sent = good(company.admin.post(f"/proformas/{proforma(company)['id']}/send"))
    data = good(company.admin.get("/reports/series", "document=proforma", after=str(sent["position"])))["data"]
    assert [(row["prefix"], row["count"], row["dense"]) for row in data] == [("IZP", 1, True)]
