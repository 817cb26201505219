"""`recurring`: once such an invoice is sent, a schedule makes the next ones."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.house import good
from tests.support.seed import OldCompany, refused


def schedules(old: OldCompany) -> list[dict[str, Any]]:
    found = good(old.company.admin.get("/recurring-invoices"))["data"]
    return list(found)


def test_a_recurring_invoice_gets_one_schedule_when_it_is_sent(old: OldCompany) -> None:
    today = old.company.today
    fields = old.fields(
        date=today.isoformat(),
        recurring="custom",
        repeat_every_custom="2",
        repeat_type_custom="week",
        cycles="3",
        save_and_send="1",
        tags="abonament",
    )
    for _ in range(2):
        added = old.clerk.form("POST", "/invoices", fields, Idempotency_Key="r")
        assert added.status_code == 201, added.text
    number = old.company.admin.get("/invoices/1").json["metadata"]["seed.schedule"]
    schedule = good(old.company.admin.get(f"/recurring-invoices/{number}"))
    expected = {"every": 2, "unit": "week", "count": 3, "starts_on": (today + timedelta(days=14)).isoformat()}
    assert {name: schedule["rhythm"][name] for name in expected} == expected
    assert (schedule["send"], schedule["deliver"]) == (True, "email")
    assert [line["unit_price"] for line in schedule["lines"]] == ["100.00"]
    assert schedule["metadata"]["seed.tags"] == "abonament"
    assert "seed.recurring" not in schedule["metadata"]


def test_a_recurring_draft_waits_until_it_is_sent(old: OldCompany) -> None:
    record_id = old.add(recurring="1")
    number = old.company.admin.get(f"/invoices/{record_id}").json["metadata"]["seed.schedule"]
    assert old.company.admin.get(f"/recurring-invoices/{number}").status_code == 404
    sent = old.clerk.form("PUT", f"/invoices/{record_id}", {"save_and_send": "1"})
    assert sent.status_code == 200
    assert good(old.company.admin.get(f"/recurring-invoices/{number}"))["rhythm"]["unit"] == "month"


def test_what_others_wrote_into_the_metadata_starts_nothing(old: OldCompany) -> None:
    record_id = old.add()
    for metadata in ({"seed.schedule": "x"}, {"seed.schedule": "7", "seed.recurring": "often"}):
        good(old.company.admin.patch(f"/invoices/{record_id}", {"metadata": metadata}))
    sent = old.clerk.form("PUT", f"/invoices/{record_id}", {"recurring": "0", "save_and_send": "1"})
    assert sent.status_code == 200, sent.text
    assert schedules(old) == []


def test_an_invoice_that_does_not_recur_has_no_schedule(old: OldCompany) -> None:
    record_id = old.add(recurring="0", save_and_send="1")
    assert "seed.schedule" not in old.company.admin.get(f"/invoices/{record_id}").json["metadata"]
    taken_back = old.add(recurring="2")
    old.clerk.form("PUT", f"/invoices/{taken_back}", {"recurring": "0", "save_and_send": "1"})
    assert schedules(old) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"recurring": "13"}, "recurring"),
        ({"recurring": "x"}, "recurring"),
        ({"recurring": "custom"}, "repeat_type_custom"),
        ({"recurring": "custom", "repeat_type_custom": "hour"}, "repeat_type_custom"),
        ({"recurring": "custom", "repeat_type_custom": "day"}, "repeat_every_custom"),
        ({"recurring": "custom", "repeat_type_custom": "year", "repeat_every_custom": "13"}, "repeat_every_custom"),
        ({"recurring": "1", "cycles": "-1"}, "cycles"),
    ],
)
def test_a_rhythm_that_cannot_be_read_is_refused(old: OldCompany, change: dict[str, str], named: str) -> None:
    refused(old.clerk.form("POST", "/invoices", old.fields(**change)), 422, named)
