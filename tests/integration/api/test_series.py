"""Number series over HTTP: opened, chosen, closed, and proven without a hole."""

from typing import Any

from tests.support.house import Company, good, refused


def opened(company: Company, **more: Any) -> dict[str, Any]:
    body = {"document": "invoice", "prefix": "CJ", "first": 100, "decision": "Decizia 3/2026", **more}
    return good(company.admin.post("/settings/series", body), 201)


def listed(company: Company, after: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = good(company.admin.get("/settings/series", after=str(after)))["data"]
    return found


def report(company: Company, after: int, query: str = "") -> dict[str, dict[str, Any]]:
    data = good(company.admin.get("/reports/series", query, after=str(after)))["data"]
    return {row["prefix"]: row for row in data}


def test_a_company_begins_with_two_series_and_opens_more(company: Company) -> None:
    made = opened(company, valid_from="2026-01-01", valid_to="2030-12-31")
    assert (made["prefix"], made["first"], made["next"], made["default"]) == ("CJ", 100, 100, False)
    assert (made["decision"], made["valid_to"], made["closed_on"]) == ("Decizia 3/2026", "2030-12-31", None)
    found = listed(company, made["position"])
    assert [(one["document"], one["prefix"], one["default"]) for one in found] == [
        ("credit_note", "IZC", True),
        ("invoice", "CJ", False),
        ("invoice", "IZV", True),
    ]
    assert found[1] == made
    assert good(company.admin.get(f"/settings/series/{made['id']}")) == made


def test_the_same_series_again_is_the_same_and_another_beginning_is_refused(company: Company) -> None:
    made = opened(company)
    body = {"document": "invoice", "prefix": "CJ", "first": 100, "decision": "Decizia 3/2026"}
    assert good(company.admin.post("/settings/series", body), 200)["id"] == made["id"]
    refused(company.admin.post("/settings/series", body | {"first": 7}), 409, "series_exists")
    refused(company.admin.post("/settings/series", body | {"prefix": "cj"}), 422, "series_prefix_invalid")
    backwards = {"valid_from": "2027-01-01", "valid_to": "2026-01-01", "prefix": "X"}
    refused(company.admin.post("/settings/series", body | backwards), 422, "series_validity_invalid")
    refused(company.people["clerk"].post("/settings/series", body), 403, "forbidden")
    same = company.admin.post("/settings/series", {"document": "proforma", "prefix": "IZV"})
    refused(same, 409, "series_prefix_taken")


def test_a_series_is_chosen_at_sending(company: Company) -> None:
    opened(company)
    draft = company.draft()
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send", {"series": "CJ"}))
    assert (sent["number"], sent["series"]) == ("CJ000100", "CJ")
    refused(company.admin.post(f"/invoices/{company.draft()['id']}/send", {"series": "NO"}), 422, "series_not_found")


def test_a_series_that_is_over_or_closed_gives_no_number(company: Company) -> None:
    over = opened(company, valid_to="2020-12-31")
    draft = company.draft()
    refused(company.admin.post(f"/invoices/{draft['id']}/send", {"series": "CJ"}), 409, "series_not_valid")
    closed = good(company.admin.post(f"/settings/series/{over['id']}/close", {"reason": "Final de an"}))
    assert closed["closed_on"] == company.today.isoformat()
    refused(company.admin.post(f"/invoices/{draft['id']}/send", {"series": "CJ"}), 409, "series_closed")
    again = {
        "document": "invoice",
        "prefix": "CJ",
        "first": 100,
        "decision": "Decizia 3/2026",
        "valid_to": "2020-12-31",
    }
    refused(company.admin.post("/settings/series", again), 409, "series_closed")
    assert listed(company, closed["position"])[1]["closed_on"] == company.today.isoformat()


def test_the_default_is_a_setting_of_the_organization_and_is_not_closed(company: Company) -> None:
    made = opened(company)
    izv = next(one for one in listed(company, made["position"]) if one["prefix"] == "IZV")
    refused(company.admin.post(f"/settings/series/{izv['id']}/close"), 409, "series_is_default")
    refused(company.admin.patch("/organization", {"invoice_series": "NO"}), 422, "series_not_found")
    assert good(company.admin.patch("/organization", {"invoice_series": "CJ"}))["invoice_series"] == "CJ"
    good(company.admin.post(f"/settings/series/{izv['id']}/close"))
    assert company.sent()["number"] == "CJ000100"


def test_the_report_proves_that_numbers_are_dense_and_in_order(company: Company) -> None:
    made = opened(company)
    sent = [
        good(company.admin.post(f"/invoices/{company.draft()['id']}/send", {"series": series}))
        for series in ("IZV", "CJ", "IZV", "IZV")
    ]
    noted = company.credit(sent[-1])
    assert made["id"]
    found = report(company, noted["credit_note"]["position"])
    assert {prefix: (row["first"], row["last"], row["count"], row["expected"]) for prefix, row in found.items()} == {
        "IZV": (1, 3, 3, 3),
        "CJ": (100, 100, 1, 1),
        "IZC": (1, 1, 1, 1),
    }
    assert all(row["dense"] and row["in_order"] and row["holes"] == [] for row in found.values())
    assert found["CJ"]["decision"] == "Decizia 3/2026"
    assert set(report(company, 0, "document=credit_note")) == {"IZC"}
    assert set(report(company, 0, "prefix=CJ")) == {"CJ"}


def test_a_series_without_numbers_is_dense_too(company: Company) -> None:
    made = opened(company)
    row = report(company, made["position"])["CJ"]
    assert (row["count"], row["expected"], row["last"], row["dense"]) == (0, 0, None, True)


def test_a_series_of_another_organization_is_not_there(company: Company) -> None:
    made = opened(company.house.company())
    refused(company.admin.get(f"/settings/series/{made['id']}"), 404, "not_found")
    refused(company.admin.post(f"/settings/series/{made['id']}/close"), 404, "not_found")
    refused(company.admin.get("/settings/series/nonsense"), 404, "not_found")
    draft = company.draft()
    refused(company.admin.get(f"/settings/series/{draft['id']}"), 404, "not_found")
