"""Recurring invoices over HTTP: scheduled, changed, paused, billed now, and what came of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.support.house import Company, good, line, refused


def scheduled(company: Company, **more: Any) -> dict[str, Any]:
    return good(company.people["clerk"].post("/recurring-invoices", body(company, **more)), 201)


def body(company: Company, **more: Any) -> dict[str, Any]:
    return {
        "name": "Mentenanță",
        "customer": {"name": "Atelierul Ștefănescu SRL", "email": "a@example.ro"},
        "lines": [line()],
        "rhythm": {"unit": "month", "starts_on": company.today.isoformat()},
        **more,
    }


def run(company: Company, schedule: dict[str, Any]) -> dict[str, Any]:
    return good(company.admin.post(f"/recurring-invoices/{schedule['id']}/run"))


def test_a_schedule_says_when_the_next_invoice_comes(company: Company) -> None:
    made = scheduled(company, send=True, catch_up="none", payment_terms_days=10)
    today = company.today.isoformat()
    assert (made["status"], made["next_on"], made["generated"], made["last"]) == ("active", today, 0, None)
    assert (made["catch_up"], made["send"], made["payment_terms_days"]) == ("none", True, 10)
    assert made["rhythm"] == {
        "every": 1,
        "unit": "month",
        "starts_on": today,
        "end_of_month": False,
        "ends_on": None,
        "count": None,
    }
    assert made["lines"][0]["unit_price"] == "100.00"
    assert good(company.admin.get(f"/recurring-invoices/{made['reference']}")) == made


def test_what_is_due_is_billed_now_and_once(company: Company) -> None:
    made = scheduled(company, send=True)
    first = run(company, made)
    (one,) = first["generated"]
    assert (one["period"], one["problem"]) == (company.today.isoformat(), None)
    assert (first["recurring"]["generated"], first["recurring"]["last"]) == (1, one)
    assert run(company, made)["generated"] == []
    invoice = good(company.admin.get(f"/invoices/{one['invoice_id']}"))
    assert (invoice["status"], invoice["number"], invoice["customer"]["email"]) == ("sent", "IZV000001", "a@example.ro")
    origin = {"kind": "recurring_invoice", "id": made["id"], "period": company.today.isoformat()}
    assert invoice["origin"] == origin
    listed = good(company.admin.get(f"/recurring-invoices/{made['id']}/invoices"))
    assert listed == {"data": [one], "has_more": False}


def test_eight_at_once_bill_a_period_once(company: Company) -> None:
    made = scheduled(company, send=True)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: run(company, made), range(8)))
    assert sum(len(answer["generated"]) for answer in answers) == 1
    assert good(company.admin.get(f"/recurring-invoices/{made['id']}"))["generated"] == 1


def test_missed_periods_are_listed_as_billed_or_counted_as_passed_over(company: Company) -> None:
    rhythm = {"every": 1, "unit": "week", "starts_on": company.days_ago(21)}
    latest = run(company, scheduled(company, rhythm=rhythm))["recurring"]
    assert (latest["generated"], latest["passed_over"]) == (1, 3)
    made = scheduled(company, rhythm=rhythm, catch_up="all")
    assert [one["period"] for one in run(company, made)["generated"]] == [
        company.days_ago(days) for days in (21, 14, 7, 0)
    ]
    path = f"/recurring-invoices/{made['id']}/invoices"
    first = good(company.admin.get(path, "limit=3"))
    assert ([one["period"] for one in first["data"]], first["has_more"]) == (
        [company.days_ago(days) for days in (0, 7, 14)],
        True,
    )
    rest = good(company.admin.get(path, f"limit=3&before={first['data'][-1]['period']}"))
    assert ([one["period"] for one in rest["data"]], rest["has_more"]) == ([company.days_ago(21)], False)


def test_a_paused_schedule_rests(company: Company) -> None:
    made = scheduled(company)
    paused = good(company.admin.post(f"/recurring-invoices/{made['id']}/pause", {"reason": "Litigiu"}))
    assert (paused["status"], paused["next_on"], paused["paused_on"]) == ("paused", None, company.today.isoformat())
    assert run(company, made)["generated"] == []
    resumed = good(company.admin.post(f"/recurring-invoices/{made['id']}/resume"))
    assert (resumed["status"], resumed["next_on"]) == ("active", company.today.isoformat())
    assert len(run(company, made)["generated"]) == 1


def test_a_schedule_changes_for_what_is_to_come(company: Company) -> None:
    made = scheduled(company)
    run(company, made)
    change = {"lines": [line("5")], "notes": "Preț nou", "rhythm": {"every": 1, "unit": "day"}, "send": True}
    changed = good(company.admin.patch(f"/recurring-invoices/{made['id']}", change))
    assert (changed["lines"][0]["quantity"], changed["notes"], changed["send"]) == ("5", "Preț nou", True)
    assert changed["next_on"] == (company.today + timedelta(days=1)).isoformat()
    assert run(company, made)["generated"] == []
    stale = company.admin.patch(f"/recurring-invoices/{made['id']}", {"notes": "x"}, match='"1"')
    refused(stale, 412, "version_conflict")
    moved = company.customer("Alt client SRL")
    other = good(company.admin.patch(f"/recurring-invoices/{made['id']}", {"customer_id": moved["id"]}))
    assert (other["customer_id"], other["customer_name"]) == (moved["id"], "Alt client SRL")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lines": []}, "recurring_without_lines"),
        ({"due_date": "2027-01-01"}, "recurring_dated"),
        ({"rhythm": {"unit": "month", "starts_on": "2001-01-01"}}, "recurring_start_invalid"),
        ({"rhythm": {"unit": "fortnight", "starts_on": "2026-11-01"}}, "validation_failed"),
        ({"catch_up": "some"}, "validation_failed"),
    ],
)
def test_what_makes_no_schedule(company: Company, change: dict[str, Any], code: str) -> None:
    refused(company.admin.post("/recurring-invoices", body(company, **change)), 422, code)


def test_schedules_are_listed_by_where_they_stand(company: Company) -> None:
    first, second = scheduled(company), scheduled(company)
    paused = good(company.admin.post(f"/recurring-invoices/{first['id']}/pause"))
    after = str(paused["position"])
    assert good(company.admin.get("/recurring-invoices", after=after))["data"] == [second, paused]
    assert good(company.admin.get("/recurring-invoices", "status=paused", after=after))["data"] == [paused]
    assert good(company.house.company().admin.get("/recurring-invoices", after=after))["data"] == []


def test_schedules_are_for_those_who_send(company: Company) -> None:
    made = scheduled(company)
    refused(company.people["sales"].post("/recurring-invoices", body(company)), 403, "forbidden")
    refused(company.people["auditor"].post(f"/recurring-invoices/{made['id']}/run"), 403, "forbidden")
    other = company.house.company().admin
    refused(other.get(f"/recurring-invoices/{made['id']}"), 404, "not_found")
    refused(other.post(f"/recurring-invoices/{made['id']}/run"), 404, "not_found")
