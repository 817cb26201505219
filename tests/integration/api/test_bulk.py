"""One action on many invoices over HTTP: a result for each, in order, and resumed by its key."""

from typing import Any

from tests.support.house import Company, good, refused


def results(answer: dict[str, Any]) -> list[tuple[str, bool, str | None]]:
    return [(one["id"], one["ok"], one["problem"]["code"] if one["problem"] else None) for one in answer["results"]]


def test_many_are_sent_in_the_order_that_was_asked_for(company: Company) -> None:
    first, second, third = (company.draft() for _ in range(3))
    ids = [third["id"], str(first["reference"]), second["id"]]
    answer = good(company.admin.post("/bulk", {"action": "send", "ids": ids}))
    assert [one["id"] for one in answer["results"]] == ids
    assert [one["number"] for one in answer["results"]] == ["IZV000001", "IZV000002", "IZV000003"]
    assert (answer["total"], answer["ok"], answer["failed"]) == (3, 3, 0)


def test_what_is_refused_is_said_for_each_and_stops_nobody_else(company: Company) -> None:
    sent, empty, fine = (
        company.sent(),
        good(company.admin.post("/invoices", {"customer": {"name": "A"}}), 201),
        company.draft(),
    )
    ids = [sent["id"], empty["id"], "999999", fine["id"]]
    answer = good(company.admin.post("/bulk", {"action": "send", "ids": ids}))
    assert results(answer) == [
        (sent["id"], False, "invoice_already_sent"),
        (empty["id"], False, "invoice_without_lines"),
        ("999999", False, "not_found"),
        (fine["id"], True, None),
    ]
    assert [one["problem"]["status"] for one in answer["results"] if one["problem"]] == [409, 422, 404]
    assert answer["failed"] == 3


def test_the_same_key_goes_on_where_it_was(company: Company) -> None:
    fine, empty = company.draft(), good(company.admin.post("/invoices", {"customer": {"name": "A"}}), 201)
    body = {"action": "send", "ids": [fine["id"], empty["id"]]}
    first = good(company.admin.post("/bulk", body, key="month-end"))
    assert results(first) == [(fine["id"], True, None), (empty["id"], False, "invoice_without_lines")]
    line = {"description": "x", "quantity": "1", "unit_price": "1.00", "vat": {"category": "S", "rate": "21"}}
    good(company.admin.post(f"/invoices/{empty['id']}/lines", line), 201)
    again = good(company.admin.post("/bulk", body, key="month-end"))
    assert [(one["ok"], one["replayed"], one["number"]) for one in again["results"]] == [
        (True, True, "IZV000001"),
        (True, False, "IZV000002"),
    ]
    refused(company.admin.post("/bulk", body | {"action": "delete"}, key="month-end"), 422, "idempotency_key_reused")


def test_a_filter_is_resolved_once_for_a_key(company: Company) -> None:
    drafts = [company.draft() for _ in range(2)]
    after = str(drafts[-1]["position"])
    body = {"action": "send", "filter": {"status": "draft"}}
    first = good(company.admin.post("/bulk", body, key="all-drafts", after=after))
    assert [one["id"] for one in first["results"]] == [one["id"] for one in drafts]
    later = company.draft()
    again = good(company.admin.post("/bulk", body, key="all-drafts", after=str(later["position"])))
    assert [(one["id"], one["replayed"]) for one in again["results"]] == [(one["id"], True) for one in drafts]
    assert good(company.admin.get(f"/invoices/{later['id']}"))["status"] == "draft"


def test_drafts_are_deleted_and_sent_invoices_are_not(company: Company) -> None:
    draft, sent = company.draft(), company.sent()
    answer = good(company.people["sales"].post("/bulk", {"action": "delete", "ids": [draft["id"], sent["id"]]}))
    assert results(answer) == [(draft["id"], True, None), (sent["id"], False, "invoice_already_sent")]
    refused(company.admin.get(f"/invoices/{draft['id']}"), 404, "not_found")


def test_documents_are_exported_in_full(company: Company) -> None:
    sent = company.sent()
    answer = good(company.people["auditor"].post("/bulk", {"action": "export", "ids": [sent["id"]]}))
    assert answer["results"][0]["invoice"] == sent


def test_what_there_is_no_machine_for_is_said_to_be_missing(company: Company) -> None:
    sent = company.sent()
    answer = good(company.admin.post("/bulk", {"action": "submit_efactura", "ids": [sent["id"], "999999"]}))
    assert results(answer) == [(sent["id"], False, "not_available"), ("999999", False, "not_found")]


def test_many_are_reminded_of_by_the_same_rules_as_one(company: Company) -> None:
    late = company.sent(issue_date=company.days_ago(10), due_date=company.days_ago(2))
    early = company.sent()
    answer = good(company.admin.post("/bulk", {"action": "remind", "ids": [late["id"], early["id"]]}))
    assert results(answer) == [(late["id"], True, None), (early["id"], False, "invoice_not_overdue")]
    assert good(company.admin.get(f"/invoices/{late['id']}"))["reminder_requested"] is True


def test_an_invoice_named_twice_is_acted_on_once(company: Company) -> None:
    draft = company.draft()
    answer = good(company.admin.post("/bulk", {"action": "send", "ids": [draft["id"], draft["id"]]}))
    assert results(answer) == [(draft["id"], True, None)]


def test_more_than_can_be_done_at_once_is_refused_with_the_limit(company: Company) -> None:
    refused(company.admin.post("/bulk", {"action": "send", "ids": ["1"] * 10_001}), 422, "validation_failed", "/ids")
    refused(company.admin.post("/bulk", {"action": "send"}), 422, "validation_failed", "/ids")
    refused(company.admin.post("/bulk", {"action": "send", "ids": ["1"], "filter": {}}), 422, "validation_failed")
    refused(company.admin.post("/bulk", {"action": "burn", "ids": ["1"]}), 422, "validation_failed", "/action")
    refused(company.admin.post("/bulk", {"action": "delete", "ids": ["1"], "series": "CJ"}), 422, "validation_failed")
    wrong = {"action": "send", "filter": {"colour": "red"}}
    refused(company.admin.post("/bulk", wrong), 422, "validation_failed", "/filter/colour")
    refused(company.admin.post("/bulk", {"action": "send", "ids": ["1"]}, match='"3"'), 400, "bad_request")


def test_every_action_asks_for_the_right_that_it_needs(company: Company) -> None:
    draft = company.draft()
    refused(company.people["sales"].post("/bulk", {"action": "send", "ids": [draft["id"]]}), 403, "forbidden")
    refused(company.people["auditor"].post("/bulk", {"action": "delete", "ids": [draft["id"]]}), 403, "forbidden")
    refused(company.people["bi"].post("/bulk", {"action": "export", "ids": [draft["id"]]}), 403, "forbidden")
