"""The same Idempotency-Key stands for one execution and one answer, for ever."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from falcon.testing import Result

from tests.support.house import Company, House, good, line, refused


def same(first: Result, second: Result) -> None:
    """Status, bytes and headers are those of the first answer."""
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for name in ("etag", "izvor-position", "location", "content-type"):
        assert second.headers.get(name) == first.headers.get(name), name
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


def test_every_write_repeated_gets_the_very_same_answer(house: House, company: Company) -> None:
    """Also after the documents have moved on, however the body was spaced."""
    admin = company.admin
    customer = company.customer()
    today = company.today.isoformat()
    invoice = company.sent(customer_id=customer["id"])
    draft, doomed = company.draft(), company.draft()
    spare = good(
        admin.post("/payments", {"customer_id": customer["id"], "amount": "900.00", "date": today}),
        201,
    )
    here = f"/invoices/{invoice['id']}"
    requests: list[tuple[str, str, object]] = [
        ("POST", "/customers", {"name": "Ana"}),
        ("PATCH", f"/customers/{customer['id']}", {"phone": "1"}),
        ("POST", "/invoices", {"customer": {"name": "Ana"}, "lines": [line()]}),
        ("PATCH", f"/invoices/{draft['id']}", {"notes": "x"}),
        ("POST", f"/invoices/{draft['id']}/lines", line()),
        ("PATCH", f"/invoices/{draft['id']}/lines/1", {"quantity": "7"}),
        ("DELETE", f"/invoices/{draft['id']}/lines/2", None),
        ("POST", f"/invoices/{draft['id']}/send", {"deliver": "none"}),
        ("DELETE", f"/invoices/{doomed['id']}", None),
        ("POST", f"{here}/payments", {"amount": "10.00", "date": today}),
        ("PUT", f"{here}/reminders/hold", {"reason": "wait"}),
        ("PUT", f"{here}/reminders/hold", {"reason": "changes nothing any more"}),
        ("DELETE", f"{here}/reminders/hold", None),
        (
            "POST",
            "/payments",
            {"customer_id": customer["id"], "amount": "5.00", "date": today, "allocations": [{"invoice_id": "1"}]},
        ),
        ("POST", f"/payments/{spare['id']}/allocations", {"date": today, "allocations": [{"invoice_id": "1"}]}),
        ("POST", f"/payments/{spare['id']}/reversal", {"date": today, "reason": "bounced"}),
        ("POST", f"{here}/credit-notes", {"full": True, "reason": "wrong", "reissue": True}),
        ("PATCH", "/organization", {"payment_terms_days": 21}),
    ]
    answers = []
    for method, path, body in requests:
        key = {"Idempotency-Key": str(uuid4())}
        first = admin.ask(method, path, body, headers=key)
        assert first.status_code in {200, 201}, first.text
        answers.append((key, first))
    recorded = house.facts()
    for (method, path, body), (key, first) in zip(requests, answers, strict=True):
        same(first, admin.ask(method, path, body, headers=key))
    assert house.facts() == recorded


def test_thirty_identical_requests_at_once_are_executed_once(house: House, company: Company) -> None:
    body = {"customer": {"name": "Ana"}, "lines": [line()]}
    key = str(uuid4())
    before = house.facts()
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: company.admin.post("/invoices", body, key=key), range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert house.facts() == before + 3  # a customer, a draft, its line


def test_thirty_identical_sendings_at_once_take_one_number(company: Company) -> None:
    draft = company.draft()
    path = f"/invoices/{draft['id']}/send"
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: company.admin.post(path, key="send-1"), range(30)))
    assert {(answer.status_code, answer.json["number"]) for answer in answers} == {(200, "IZV000001")}
    assert company.sent()["number"] == "IZV000002"


def test_a_key_is_not_used_twice_for_different_things(company: Company) -> None:
    first = company.admin.post("/customers", {"name": "Ana"}, key="one")
    assert first.status_code == 201
    refused(company.admin.post("/customers", {"name": "Ion"}, key="one"), 422, "idempotency_key_reused")
    refused(company.admin.post("/invoices", {"customer": {"name": "Ana"}}, key="one"), 422, "idempotency_key_reused")
    same(first, company.admin.post("/customers", {"kind": "business", "name": "Ana"}, key="one"))


def test_a_key_belongs_to_one_organization(house: House, company: Company) -> None:
    here = good(company.admin.post("/customers", {"name": "Ana"}, key="shared"), 201)
    there = good(house.company().admin.post("/customers", {"name": "Ana"}, key="shared"), 201)
    assert here["id"] != there["id"]


def test_a_key_is_the_same_for_every_token_of_its_organization(company: Company) -> None:
    first = company.people["sales"].post("/customers", {"name": "Ana"}, key="k")
    same(first, company.people["clerk"].post("/customers", {"name": "Ana"}, key="k"))


def test_a_key_may_be_quoted(company: Company) -> None:
    first = company.admin.post("/customers", {"name": "Ana"}, key='"abc"')
    same(first, company.admin.post("/customers", {"name": "Ana"}, key="abc"))


@pytest.mark.parametrize("key", ["", '""', "x" * 256, '"' + "x" * 256 + '"', "a b", "ă".encode().decode("latin-1")])
def test_a_key_that_is_none_is_refused_and_not_ignored(house: House, company: Company, key: str) -> None:
    before = house.facts()
    refused(company.admin.post("/customers", {"name": "Ana"}, key=key), 400, "bad_request")
    assert house.facts() == before


def test_the_longest_key_is_taken(company: Company) -> None:
    first = company.admin.post("/customers", {"name": "Ana"}, key="x" * 255)
    same(first, company.admin.post("/customers", {"name": "Ana"}, key="x" * 255))


def test_a_refused_request_leaves_its_key_free(company: Company) -> None:
    draft = company.draft(lines=[])
    path = f"/invoices/{draft['id']}/send"
    refused(company.admin.post(path, key="k"), 422, "invoice_without_lines")
    good(company.admin.post(f"/invoices/{draft['id']}/lines", line()), 201)
    assert good(company.admin.post(path, key="k"))["status"] == "sent"
    refused(company.admin.post("/customers", {"name": 5}, key="n"), 422, "validation_failed")
    good(company.admin.post("/customers", {"name": "Ana"}, key="n"), 201)


def test_a_repeated_request_is_answered_although_its_version_is_stale_by_now(company: Company) -> None:
    draft = company.draft()
    path = f"/invoices/{draft['id']}"
    first = company.admin.patch(path, {"notes": "x"}, key="k", match=f'"{draft["version"]}"')
    assert first.status_code == 200
    same(first, company.admin.patch(path, {"notes": "x"}, key="k", match=f'"{draft["version"]}"'))
