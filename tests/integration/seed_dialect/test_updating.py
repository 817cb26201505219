"""PUT and DELETE: partial by nature, for drafts only; what is sent points to the way out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.house import good
from tests.support.seed import OldCompany, refused

UPDATED = {"status": True, "message": "Invoice Updated Successfully"}
DELETED = {"status": True, "message": "Invoice Deleted Successfully"}


def test_an_absent_field_stays_as_it_is(old: OldCompany) -> None:
    record_id = old.add(clientnote="Mulțumim!", discount_percent="10", recurring="3", cancel_overdue_reminders="1")
    before = old.one(record_id)
    answer = old.clerk.form("PUT", f"/invoices/{record_id}", {"duedate": "2026-12-24"})
    assert (answer.status_code, answer.json) == (200, UPDATED)
    assert old.one(record_id) == {**before, "duedate": "2026-12-24"}


def test_an_empty_field_is_emptied(old: OldCompany) -> None:
    record_id = old.add(clientnote="Mulțumim!", duedate="2026-12-24", adminnote="x", discount_percent="10")
    changes = {"clientnote": "", "duedate": "", "adminnote": "", "discount_percent": "0"}
    assert old.clerk.form("PUT", f"/invoices/{record_id}", changes).status_code == 200
    invoice = old.one(record_id)
    assert (invoice["clientnote"], invoice["duedate"], invoice["adminnote"]) == ("", None, "")
    assert (invoice["discount_percent"], invoice["total"]) == ("0.00", "242.00")


def test_lines_are_edited_removed_and_added_in_one_step(old: OldCompany) -> None:
    record_id = old.add(
        **{
            "newitems[1][description]": "Deplasare",
            "newitems[1][qty]": "1",
            "newitems[1][rate]": "50",
            "newitems[1][taxname][]": "TVA|21",
        }
    )
    fields = {
        "items[7][itemid]": "1",
        "items[7][qty]": "3",
        "items[7][unit]": "ore",
        "removed_items[]": "2",
        "newitems[0][description]": "Transport",
        "newitems[0][qty]": "1",
        "newitems[0][rate]": "20",
        "newitems[0][unit]": "cursă",
        "newitems[0][taxname]": "TVA|11.00",
        "total": "385.20",
    }
    answer = old.clerk.form("PUT", f"/invoices/{record_id}", fields)
    assert (answer.status_code, answer.json) == (200, UPDATED)
    items = old.one(record_id)["items"]
    assert [(item["itemid"], item["qty"], item["unit"]) for item in items] == [
        ("1", "3.00", "ore"),
        ("3", "1.00", "cursă"),
    ]
    assert [item["taxes"][0]["taxname"] for item in items] == ["TVA|21.00", "TVA|11.00"]


def test_an_invoice_as_read_can_be_written_back(old: OldCompany) -> None:
    record_id = old.add(discount_percent="10", **{"newitems[0][unit]": "cutii", "custom_fields[invoice][12]": "A"})
    before = old.one(record_id)
    answer = old.clerk.json("PUT", f"/invoices/{record_id}", before)
    assert (answer.status_code, answer.json) == (200, UPDATED)
    assert old.one(record_id) == before
    data = old.company.admin.get(f"/invoices/{record_id}/events").json["data"]
    assert [fact["type"] for fact in data] == ["invoice.drafted/1", "invoice.line_added/1"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"total": "1.00"}, "total"),
        ({"items[0][itemid]": "9", "items[0][qty]": "1"}, "items"),
        ({"items[0][qty]": "1"}, "items[0][itemid]"),
        ({"removed_items[]": "9"}, "items"),
        ({"clientid": "99"}, "clientid"),
        ({"items[0][itemid]": "1", "items[0][rate]": ""}, "items[0][rate]"),
        ({"save_and_send": "1", "save_as_draft": "1"}, "save_and_send"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(old: OldCompany, change: dict[str, str], named: str) -> None:
    record_id = old.add()
    before = old.one(record_id)
    refused(old.clerk.form("PUT", f"/invoices/{record_id}", {"terms": "noi", **change}), 422, named)
    assert old.one(record_id) == before


def test_another_client_brings_its_own_address_and_the_same_one_keeps_what_was_written(old: OldCompany) -> None:
    other = old.company.customer("Alt Client SRL", address={"street": "Str. Nouă 5", "city": "Dej"})
    record_id = old.add(billing_street="Calea Turzii 1")
    old.clerk.form("PUT", f"/invoices/{record_id}", {"clientid": old.clientid})
    assert old.one(record_id)["billing_street"] == "Calea Turzii 1"
    old.clerk.form("PUT", f"/invoices/{record_id}", {"clientid": str(other["reference"])})
    invoice = old.one(record_id)
    assert (invoice["client"]["company"], invoice["billing_street"]) == ("Alt Client SRL", "Str. Nouă 5")


def test_a_claimed_number_is_checked_when_it_changes(old: OldCompany) -> None:
    old.add(save_and_send="1")
    record_id = old.add()
    refused(old.clerk.form("PUT", f"/invoices/{record_id}", {"number": "1"}), 409, "number")
    assert old.clerk.form("PUT", f"/invoices/{record_id}", {"number": "000002"}).json == UPDATED
    assert old.one(record_id)["number"] == "2"


def test_a_sent_invoice_is_not_changed_and_the_answer_says_what_to_do(old: OldCompany) -> None:
    record_id = old.add(save_and_send="1")
    before = old.one(record_id)
    for fields in ({"number": "1", "total": "1.00"}, {"clientnote": "altceva"}, {"newitems[0][qty]": "1"}):
        if "newitems[0][qty]" in fields:
            fields |= {"newitems[0][description]": "x", "newitems[0][rate]": "1"}
        body = refused(old.clerk.form("PUT", f"/invoices/{record_id}", fields), 409, "id")
        assert body["code"] == "invoice_already_sent"
        assert body["way_out"] == f"POST /api/v1/invoices/{record_id}/credit-notes"
        assert "IZV000001" in body["message"]
        assert "{id}" not in body["message"]
    assert old.one(record_id) == before


def test_an_unknown_invoice_cannot_be_updated(old: OldCompany) -> None:
    for document in ("4711", "nothing", "0"):
        body = refused(old.clerk.form("PUT", f"/invoices/{document}", {"terms": "x"}), 404)
        assert body["message"] == "Invoice ID Doesn't Not Exist."


def test_an_update_without_a_body_is_not_acceptable(old: OldCompany) -> None:
    record_id = old.add()
    for answer in (
        old.clerk.ask("PUT", f"/invoices/{record_id}"),
        old.clerk.json("PUT", f"/invoices/{record_id}", {}),
        old.clerk.form("PUT", f"/invoices/{record_id}", {}),
    ):
        assert refused(answer, 406)["message"] == "Data Not Acceptable OR Not Provided"


def test_an_update_keeps_to_the_version_and_the_key_of_its_request(old: OldCompany) -> None:
    record_id = old.add()
    path = f"/invoices/{record_id}"
    line = {"newitems[0][description]": "x", "newitems[0][qty]": "1", "newitems[0][rate]": "1"}
    first = old.clerk.form("PUT", path, line, Idempotency_Key="k", If_Match='"2"')
    again = old.clerk.form("PUT", path, line, Idempotency_Key="k", If_Match='"2"')
    assert (first.json, again.json) == (UPDATED, UPDATED)
    assert again.headers["idempotency-replayed"] == "true"
    assert refused(old.clerk.form("PUT", path, line, If_Match='"2"'), 412)["code"] == "version_conflict"
    assert len(old.one(record_id)["items"]) == 2


def test_updates_at_the_same_time_all_take_effect(old: OldCompany) -> None:
    record_id = old.add()
    line = {"newitems[0][description]": "x", "newitems[0][qty]": "1", "newitems[0][rate]": "1"}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: old.clerk.form("PUT", f"/invoices/{record_id}", line), range(18)))
    assert [answer.json for answer in answers] == [UPDATED] * 18
    assert len(old.one(record_id)["items"]) == 19


@pytest.mark.parametrize("path", ["/invoices/{}", "/delete/invoices/{}"])
def test_a_draft_is_deleted_and_gone_and_its_history_stays(old: OldCompany, path: str) -> None:
    record_id = old.add()
    answer = old.clerk.delete(path.format(record_id), Idempotency_Key="d")
    assert (answer.status_code, answer.json) == (200, DELETED)
    assert old.clerk.delete(path.format(record_id), Idempotency_Key="d").json == DELETED
    assert refused(old.clerk.delete(path.format(record_id)), 404)["message"] == "Invalid Invoice ID"
    assert refused(old.clerk.get(f"/invoices/{record_id}"), 404)["message"] == "No data were found"
    refused(old.clerk.form("PUT", f"/invoices/{record_id}", {"terms": "x"}), 404)
    assert old.clerk.get("/invoices").json == []
    history = good(old.company.admin.get(f"/invoices/{record_id}/events"))["data"]
    assert history[-1]["type"] == "invoice.discarded/1"


@pytest.mark.parametrize("path", ["/invoices/{}", "/delete/invoices/{}"])
def test_a_sent_invoice_is_not_deleted(old: OldCompany, path: str) -> None:
    record_id = old.add(save_and_send="1")
    body = refused(old.clerk.delete(path.format(record_id)), 409)
    assert body["way_out"] == f"POST /api/v1/invoices/{record_id}/credit-notes"
    assert old.one(record_id)["sent"] == "1"


def test_a_deleted_draft_gives_no_number_away_and_its_id_is_not_used_again(old: OldCompany) -> None:
    record_id = old.add(number="1")
    old.clerk.delete(f"/invoices/{record_id}")
    sent = old.one(old.add(save_and_send="1"))
    assert sent["id"] != str(record_id)
    assert sent["formatted_number"] == "IZV000001"
