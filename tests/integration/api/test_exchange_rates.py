"""Foreign currencies over HTTP: BNR's rates in, the rate and VAT in lei on the invoice, differences beside payments."""

from typing import Any

import psycopg

from tests.support.house import Company, good, line, refused


def bnr(*days: tuple[str, str]) -> bytes:
    cubes = "".join(f'<Cube date="{day}"><Rate currency="EUR">{rate}</Rate></Cube>' for day, rate in days)
    return f"<DataSet><Body><OrigCurrency>RON</OrigCurrency>{cubes}</Body></DataSet>".encode()


def take_down(company: Company, *days: tuple[str, str]) -> dict[str, Any]:
    return good(company.admin.ask("POST", "/exchange-rates", raw=bnr(*days)))


def in_euros(company: Company, **more: Any) -> dict[str, Any]:
    return company.draft(line(), currency="EUR", **more)


def test_a_foreign_invoice_waits_for_its_rate_and_says_what_to_do(company: Company) -> None:
    draft = in_euros(company)
    problem = refused(company.admin.post(f"/invoices/{draft['id']}/send"), 409, "exchange_rate_missing")
    assert "exchange-rates" in problem["detail"]
    imported = take_down(company, (company.days_ago(1), "5.0912"))
    assert (imported["first"], imported["days"]) == (company.days_ago(1), 1)
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send"))
    rate = {"base": "RON", "rate": "5.0912", "date": company.days_ago(1), "source": "BNR"}
    assert sent["exchange"] == {
        "rate": rate,
        "net": "1018.24",
        "vat": "213.83",
        "gross": "1232.07",
        "difference": "0.00",
    }
    assert sent["totals"]["balance"] == "242.00"
    found = good(company.admin.get("/exchange-rates"))
    assert found == {"date": company.today.isoformat(), "data": [{"currency": "EUR", "rate": rate}]}
    assert good(company.admin.get("/exchange-rates", query="date=0001-01-01&currency=EUR"))["data"] == []


def test_the_same_file_twice_records_nothing_new(company: Company) -> None:
    days = ((company.days_ago(40), "5.08"), (company.days_ago(1), "5.09"))
    take_down(company, *days)
    before = company.house.facts()
    take_down(company, *days)
    assert company.house.facts() == before


def test_a_rate_given_by_the_user_is_recorded_as_given(company: Company) -> None:
    draft = in_euros(company)
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send", {"exchange": {"rate": "5.00"}}))
    assert sent["exchange"]["rate"] == {
        "base": "RON",
        "rate": "5",
        "date": company.today.isoformat(),
        "source": "given",
    }


def test_the_exchange_difference_stands_beside_the_balance_never_in_it(company: Company) -> None:
    take_down(company, (company.days_ago(30), "5.00"), (company.days_ago(2), "5.10"))
    draft = in_euros(company, issue_date=company.days_ago(30))
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send"))
    assert sent["exchange"]["gross"] == "1210.00"
    paid = company.pay(sent, "300.00")
    assert (paid["totals"]["balance"], paid["status"]) == ("0.00", "paid")
    assert paid["exchange"]["difference"] == "24.20"
    summaries = [one["summary"] for one in good(company.admin.get(f"/invoices/{sent['id']}/history"))["data"]]
    assert any(text.startswith("Exchange difference 24.20 RON: 242.00 EUR at 5.1") for text in summaries)
    after = str(paid["position"])
    payment_id = paid["payments"][0]["payment_id"]
    listed = good(company.admin.get("/payments", after=after))["data"]
    assert [(one["id"], one["exchange"]["rate"], one["unallocated"]) for one in listed] == [
        (payment_id, "5.1", "58.00")
    ]
    with psycopg.connect(company.house.database) as connection:
        row = connection.execute(
            "SELECT exchange_rate, vat_in_base, gross_in_base, exchange_difference, balance FROM bi.invoices"
            " WHERE invoice_id = %s",
            (sent["id"],),
        ).fetchone()
    assert row is not None
    assert [str(value) for value in row] == ["5.00", "210.00", "1210.00", "24.20", "0.00"]


def test_credit_notes_take_back_lei_at_the_rate_of_the_invoice(company: Company) -> None:
    take_down(company, (company.days_ago(1), "5.0912"))
    sent = good(company.admin.post(f"/invoices/{in_euros(company)['id']}/send"))
    note = company.credit(sent)["credit_note"]
    assert (note["exchange"]["gross"], note["exchange"]["vat"]) == ("1232.07", "213.83")


def test_what_is_no_file_of_rates_is_refused(company: Company) -> None:
    for raw in (b"", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", b"<a/>", b'{"rates": []}'):
        refused(company.admin.ask("POST", "/exchange-rates", raw=raw), 422, "rates_unreadable")


def test_another_file_under_the_same_key_is_refused(company: Company) -> None:
    headers = {"Idempotency-Key": "rates-1"}
    good(company.admin.ask("POST", "/exchange-rates", raw=bnr((company.days_ago(1), "5.09")), headers=headers))
    other = company.admin.ask("POST", "/exchange-rates", raw=bnr((company.days_ago(1), "5.10")), headers=headers)
    refused(other, 422, "idempotency_key_reused")
