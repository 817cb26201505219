"""Reports and statements over HTTP: the shapes, the arithmetic of a small company by hand, what is refused."""

from typing import Any

import pytest

from tests.support.house import Company, good, line, refused


@pytest.fixture
def lived(company: Company) -> tuple[Company, dict[str, Any]]:
    """Three invoices of 242.00 to one customer: paid in time, paid late in part with a rest of credit, and fresh."""
    buyer = company.customer()
    terms = {"customer_id": buyer["id"], "payment_terms_days": 10}
    first = company.sent(issue_date=company.days_ago(40), **terms)
    second = company.sent(issue_date=company.days_ago(30), **terms)
    company.sent(**terms)
    company.pay(first, "242.00", company.days_ago(35))
    company.pay(second, "42.00", company.days_ago(2))
    return company, buyer


def get(company: Company, path: str, query: str = "") -> dict[str, Any]:
    newest = company.admin.get("/events", "limit=1000").json["data"][-1]["position"]
    return good(company.admin.get(path, query, after=str(newest)))


def test_a_statement_tells_what_moved_and_where_it_led(lived: tuple[Company, dict[str, Any]]) -> None:
    company, buyer = lived
    found = get(company, f"/customers/{buyer['reference']}/statement", f"from={company.days_ago(34)}")
    assert (found["customer_id"], found["customer_name"]) == (buyer["id"], buyer["name"])
    assert (found["from"], found["to"], found["known_at"]) == (company.days_ago(34), company.days_ago(0), None)
    (account,) = found["accounts"]
    assert (account["currency"], account["opening"], account["closing"]) == ("RON", "0.00", "442.00")
    assert (account["charged"], account["settled"]) == ("484.00", "-42.00")
    shown = [(one["kind"], one["number"], one["amount"], one["balance"]) for one in account["movements"]]
    assert shown == [
        ("invoice", "IZV000002", "242.00", "242.00"),
        ("payment", "OP 12", "-42.00", "200.00"),
        ("invoice", "IZV000003", "242.00", "442.00"),
    ]
    assert [one["due_date"] for one in account["movements"]] == [company.days_ago(20), None, company.days_ago(-10)]


def test_an_overpayment_and_a_credit_note_are_one_line_each(lived: tuple[Company, dict[str, Any]]) -> None:
    company, buyer = lived
    invoice = company.sent(customer_id=buyer["id"])
    company.pay(invoice, "300.00")
    company.credit(invoice)
    (account,) = get(company, f"/customers/{buyer['id']}/statement", f"from={company.days_ago(0)}")["accounts"]
    last = [(one["kind"], one["amount"]) for one in account["movements"]][-3:]
    assert last == [("invoice", "242.00"), ("payment", "-300.00"), ("credit_note", "-242.00")]
    assert account["closing"] == "142.00"  # 442.00 before, 300.00 of credit now


def test_money_that_came_before_its_invoice_is_unapplied_until_then(company: Company) -> None:
    invoice = company.sent(issue_date=company.days_ago(10))
    company.pay(invoice, "200.00", company.days_ago(20))
    (before,) = get(company, "/reports/aging", f"as_of={company.days_ago(11)}")["rows"]
    (after,) = get(company, "/reports/aging", f"as_of={company.days_ago(10)}")["rows"]
    assert [(row["not_due"], row["unapplied"]) for row in (before, after)] == [("0.00", "-200.00"), ("42.00", "0.00")]
    (account,) = get(company, f"/customers/{invoice['customer']['id']}/statement")["accounts"]
    assert [(one["kind"], one["amount"], one["date"]) for one in account["movements"]] == [
        ("payment", "-200.00", company.days_ago(20)),
        ("invoice", "242.00", company.days_ago(10)),
    ]


def test_a_statement_as_known_before_anything_is_empty(lived: tuple[Company, dict[str, Any]]) -> None:
    company, buyer = lived
    found = get(company, f"/customers/{buyer['id']}/statement", "known_at=2020-01-01T00:00:00Z")
    assert found["accounts"] == []


def test_how_fast_customers_pay(lived: tuple[Company, dict[str, Any]]) -> None:
    company, _ = lived
    found = get(company, "/reports/dso", f"from={company.days_ago(32)}&to={company.days_ago(3)}")
    assert (found["days"], found["from"], found["to"]) == (30, company.days_ago(32), company.days_ago(3))
    assert found["rows"] == [
        {
            "currency": "RON",
            "sales": "242.00",
            "opening_receivable": "0.00",
            "closing_receivable": "242.00",
            "closing_not_due": "0.00",
            "dso": "30.00",
            "dso_countback": "28.00",
            "best_possible_dso": "0.00",
            "average_days_delinquent": "30.00",
            "collection_effectiveness": "0.00",
        }
    ]


def test_who_paid_on_time(lived: tuple[Company, dict[str, Any]]) -> None:
    company, _ = lived
    found = get(company, "/reports/on-time")
    assert found["to"] == company.days_ago(1)
    assert found["rows"] == [
        {
            "currency": "RON",
            "invoices_due": 2,
            "invoices_on_time": 1,
            "share_by_count": "50.00",
            "value_due": "484.00",
            "value_on_time": "242.00",
            "share_by_value": "50.00",
        }
    ]


def test_the_age_of_what_one_customer_owes(lived: tuple[Company, dict[str, Any]]) -> None:
    company, buyer = lived
    other = company.customer("Altcineva SRL")
    company.sent(line(), customer_id=other["id"])
    everything = get(company, "/reports/aging")
    assert len(everything["rows"]) == 2
    alone = get(company, "/reports/aging", f"customer_id={buyer['reference']}")
    assert alone["rows"] == [row for row in everything["rows"] if row["customer_id"] == buyer["id"]]
    assert (alone["totals"][0]["not_due"], alone["totals"][0]["days_1_30"]) == ("242.00", "200.00")


def test_a_company_without_sales_has_no_figures(company: Company) -> None:
    assert get(company, "/reports/dso")["rows"] == []
    assert get(company, "/reports/on-time")["rows"] == []


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/reports/dso", "from=2026-02-02&to=2026-02-01", "from"),
        ("/reports/dso", "from=0001-01-01&to=2026-02-01", "from"),
        ("/reports/dso", "to=0001-01-01", "to"),
        ("/reports/on-time", "to=yesterday", "to"),
        ("/reports/on-time", "from=2016-01-01&to=2026-02-02", "from"),
        ("/reports/dso", "known_at=2026-02-01T00:00:00", "known_at"),
        ("/reports/aging", "known_at=2026-02-01T00:00:00", "known_at"),
        ("/customers/1/statement", "from=2026-02-02&to=2026-02-01", "from"),
        ("/customers/1/statement", "known_at=2026-02-01T00:00:00", "known_at"),
    ],
)
def test_a_period_that_is_none_is_refused(company: Company, path: str, query: str, pointer: str) -> None:
    company.customer()
    refused(company.admin.get(path, query), 422, "validation_failed", pointer)


def test_nobody_has_the_statement_of_a_stranger(company: Company) -> None:
    refused(company.admin.get("/customers/77/statement"), 404, "not_found")
    refused(company.admin.get("/reports/aging", "customer_id=no-such"), 422, "validation_failed", "customer_id")
