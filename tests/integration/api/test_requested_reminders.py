"""Asking for a reminder over HTTP; the mail itself is the worker's."""

from typing import Any

from tests.support.house import Company, good, refused


def overdue(company: Company, **more: Any) -> dict[str, Any]:
    return company.sent(issue_date=company.days_ago(10), due_date=company.days_ago(2), **more)


def test_a_reminder_that_is_asked_for_is_shown_until_it_is_sent(company: Company) -> None:
    invoice = overdue(company)
    path = f"/invoices/{invoice['id']}"
    answer = company.admin.post(f"{path}/reminders")
    assert good(answer, 202)["reminder_requested"] is True
    assert answer.headers["etag"] == f'"{invoice["version"] + 1}"'
    assert good(company.admin.get(path))["reminder_requested"] is True
    last = good(company.admin.get(f"{path}/history"))["data"][-1]
    assert (last["type"], last["summary"], last["data"]) == (
        "invoice.reminder_requested",
        "Reminder asked for",
        {"request": 1},
    )


def test_asking_again_is_refused_but_for_a_repeated_request(company: Company) -> None:
    path = f"/invoices/{overdue(company)['reference']}/reminders"
    first = company.admin.post(path, key="remind-1")
    again = company.admin.post(path, key="remind-1")
    assert (good(first, 202), again.headers["idempotency-replayed"]) == (good(again, 202), "true")
    refused(company.admin.post(path), 409, "reminder_already_requested")


def test_what_makes_no_sense_is_refused_with_its_reason(company: Company) -> None:
    refused(company.admin.post(f"/invoices/{company.draft()['id']}/reminders"), 409, "invoice_not_sent")
    refused(company.admin.post("/invoices/999999/reminders"), 404, "not_found")
    nameless = overdue(company, customer={"name": "Ion"})
    refused(company.admin.post(f"/invoices/{nameless['id']}/reminders"), 409, "customer_without_email")
    paid, credited, held = (overdue(company) for _ in range(3))
    company.pay(paid, "242.00")
    company.credit(credited)
    good(company.admin.put(f"/invoices/{held['id']}/reminders/hold"))
    refused(company.admin.post(f"/invoices/{paid['id']}/reminders"), 409, "invoice_paid")
    refused(company.admin.post(f"/invoices/{credited['id']}/reminders"), 409, "invoice_credited")
    refused(company.admin.post(f"/invoices/{held['id']}/reminders"), 409, "reminders_held")
    early = refused(company.admin.post(f"/invoices/{company.sent()['id']}/reminders"), 409, "invoice_not_overdue")
    assert early["facts"]["due_date"]


def test_the_days_of_reminders_are_a_setting_of_their_own(company: Company) -> None:
    path = "/settings/reminders"
    assert good(company.admin.get(path))["steps"] == [7, 14, 30]
    assert good(company.admin.patch(path, {"steps": [3, 10]}))["steps"] == [3, 10]
    assert good(company.admin.get(path))["steps"] == [3, 10]
    assert good(company.admin.get("/organization"))["reminder_steps"] == [3, 10]
    assert good(company.admin.patch(path, {"steps": []}))["steps"] == []
    refused(company.admin.patch(path, {"steps": [10, 3]}), 422, "reminder_steps_invalid")
    refused(company.admin.patch(path, {"steps": [0]}), 422, "validation_failed", "/steps/0")
    refused(company.admin.patch(path, {}), 422, "validation_failed", "/steps")
