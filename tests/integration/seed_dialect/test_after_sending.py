"""What an update may still do: send a draft, and tell of a sent invoice what the document does not say."""

import pytest

from tests.support.house import good
from tests.support.seed import OldCompany, refused

UPDATED = {"status": True, "message": "Invoice Updated Successfully"}


def kinds(old: OldCompany, record_id: int) -> list[str]:
    facts = good(old.company.admin.get(f"/invoices/{record_id}/events"))["data"]
    return [str(fact["type"]).removesuffix("/1") for fact in facts]


def test_an_update_may_send_and_a_repetition_does_not_send_again(old: OldCompany) -> None:
    record_id = old.add()
    fields = {"clientnote": "mulțumim", "save_and_send": "1"}
    for _ in range(2):
        answer = old.clerk.form("PUT", f"/invoices/{record_id}", fields, Idempotency_Key="s")
        assert (answer.status_code, answer.json) == (200, UPDATED)
    sent = old.one(record_id)
    assert (sent["sent"], sent["formatted_number"], sent["clientnote"]) == ("1", "IZV000001", "mulțumim")
    assert kinds(old, record_id).count("invoice.sent") == 1
    assert [row["sent"] for row in old.clerk.get("/invoices").json] == ["1"]


def test_who_may_only_draft_does_not_send_by_updating(old: OldCompany) -> None:
    record_id = old.add()
    refused(old.person("sales").form("PUT", f"/invoices/{record_id}", {"terms": "x", "save_and_send": "1"}), 403)
    assert old.one(record_id)["terms"] == ""


def test_reminders_are_held_from_the_start_where_the_form_says_so(old: OldCompany) -> None:
    held = old.add(save_and_send="1", cancel_overdue_reminders="1")
    assert kinds(old, held)[-2:] == ["invoice.sent", "invoice.reminders_held"]
    assert old.one(held)["cancel_overdue_reminders"] == "1"
    later = old.add(cancel_overdue_reminders="on")
    old.clerk.form("PUT", f"/invoices/{later}", {"save_and_send": "1"})
    assert kinds(old, later)[-1] == "invoice.reminders_held"
    usual = old.add(save_and_send="1", cancel_overdue_reminders="0")
    assert kinds(old, usual)[-1] == "invoice.sent"


def test_notes_due_date_and_reminders_of_a_sent_invoice_change_as_facts_of_their_own(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1", duedate="2026-11-20")
    before = old.one(record_id)
    later = old.company.days_ago(-30)
    fields = {"duedate": later, "adminnote": "a sunat clientul", "cancel_overdue_reminders": "1"}
    for _ in range(2):
        answer = old.clerk.form("PUT", f"/invoices/{record_id}", fields)
        assert (answer.status_code, answer.json) == (200, UPDATED)
    assert kinds(old, record_id)[-3:] == ["invoice.due_date_extended", "invoice.note_added", "invoice.reminders_held"]
    after = old.one(record_id)
    assert {name: after[name] for name in fields} == fields
    assert {name for name in before if before[name] != after[name]} == {*fields, "status"}
    assert old.clerk.form("PUT", f"/invoices/{record_id}", {"cancel_overdue_reminders": "0"}).json == UPDATED
    assert kinds(old, record_id)[-1] == "invoice.reminders_resumed"


def test_sending_back_all_that_was_read_changes_nothing(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1", tags="a,b", discount_percent="10", **{"custom_fields[invoice][1]": "x"})
    row = old.one(record_id)
    facts = kinds(old, record_id)
    names = ("number", "date", "duedate", "subtotal", "total", "discount_percent", "discount_total", "adjustment",
             "clientnote", "adminnote", "terms", "tags", "allowed_payment_modes", "billing_street", "billing_country",
             "currency", "clientid", "recurring", "cancel_overdue_reminders")  # fmt: skip
    body = {name: row[name] for name in names}
    body["items"] = [{key: item[key] for key in ("itemid", "description", "qty", "rate")} for item in row["items"]]
    assert old.clerk.json("PUT", f"/invoices/{record_id}", body).json == UPDATED
    assert kinds(old, record_id) == facts


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2"},
        {"date": "2026-11-03"},
        {"currency": "EUR"},
        {"clientid": "4711"},
        {"billing_city": "Dej"},
        {"discount_percent": "5"},
        {"total": "1"},
        {"terms": "altele"},
        {"removed_items[]": "1"},
        {"items[0][itemid]": "1", "items[0][qty]": "3"},
        {"items[0][itemid]": "9", "items[0][qty]": "2"},
        {"items[0][itemid]": "1", "items[0][taxname][]": "TVA|11.00"},
    ],
)
def test_what_the_document_says_does_not_change_whatever_else_is_asked(old: OldCompany, change: dict[str, str]) -> None:
    record_id = old.add(save_and_send="1")
    facts = kinds(old, record_id)
    body = refused(old.clerk.form("PUT", f"/invoices/{record_id}", {"adminnote": "notă", **change}), 409, "id")
    assert body["code"] == "invoice_already_sent"
    assert kinds(old, record_id) == facts


def test_an_invoice_that_is_due_in_another_age_takes_what_does_not_touch_that(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1", duedate="2099-01-01")
    fields = {"duedate": "2099-01-01", "adminnote": "a sunat clientul"}
    assert old.clerk.form("PUT", f"/invoices/{record_id}", fields).json == UPDATED
    assert kinds(old, record_id)[-1] == "invoice.note_added"


def test_an_update_of_a_sent_invoice_keeps_to_its_version_key_and_permission(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1")
    path = f"/invoices/{record_id}"
    refused(old.clerk.form("PUT", path, {"adminnote": "x"}, If_Match='"1"'), 412)
    refused(old.person("sales").form("PUT", path, {"adminnote": "x"}), 403)
    answers = [old.clerk.form("PUT", path, {"adminnote": "x"}, Idempotency_Key="n", If_Match='"3"') for _ in range(2)]
    assert [answer.json for answer in answers] == [UPDATED, UPDATED]
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert kinds(old, record_id).count("invoice.note_added") == 1
    refused(old.clerk.form("PUT", path, {"duedate": "2026-11-01"}), 422, "duedate")
