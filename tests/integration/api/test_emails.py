"""Asking for a document by mail over HTTP; the mail itself is the worker's."""

from tests.support.house import Company, good, refused


def test_an_invoice_that_is_asked_for_is_shown_as_such(company: Company) -> None:
    path = f"/invoices/{company.sent()['id']}"
    answer = good(company.admin.post(f"{path}/emails", {"to": "alta@adresa.example"}), 202)
    assert answer["emails"] == [{"to": "alta@adresa.example", "status": "requested", "at": None, "reason": None}]
    assert good(company.admin.get(path))["emails"] == answer["emails"]
    last = good(company.admin.get(f"{path}/history"))["data"][-1]
    assert last["summary"] == "Asked to be sent by mail to alta@adresa.example"


def test_asking_again_is_refused_but_for_a_repeated_request(company: Company) -> None:
    path, body = f"/invoices/{company.sent()['reference']}/emails", {"to": "alta@adresa.example"}
    first, again = (company.admin.post(path, body, key="mail-1") for _ in range(2))
    assert (good(first, 202), again.headers["idempotency-replayed"]) == (good(again, 202), "true")
    refused(company.admin.post(path, body), 409, "email_already_requested")


def test_what_makes_no_sense_is_refused_with_its_reason(company: Company) -> None:
    refused(company.admin.post(f"/invoices/{company.draft()['id']}/emails"), 409, "invoice_not_sent")
    refused(company.admin.post("/invoices/999999/emails"), 404, "not_found")
    nameless = company.sent(customer={"name": "Ion"})
    refused(company.admin.post(f"/invoices/{nameless['id']}/emails"), 409, "customer_without_email")
    broken = refused(company.admin.post(f"/invoices/{nameless['id']}/emails", {"to": "ion"}), 422, "validation_failed")
    assert [error["pointer"] for error in broken["errors"]] == ["/to"]


def test_a_credit_note_may_be_asked_for_too(company: Company) -> None:
    invoice = company.sent()
    note = company.credit(invoice)["credit_note"]["id"]
    good(company.admin.post(f"/credit-notes/{note}/emails", {"to": "alta@adresa.example"}), 202)
    refused(company.admin.post("/credit-notes/999999/emails"), 404, "not_found")
