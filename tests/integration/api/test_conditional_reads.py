"""What the caller has already is not sent again, and a tag of reading serves for writing."""

import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, Person, good, open_house, refused


def again(person: Person, path: str, tags: str, query: str | None = None, method: str = "GET") -> int:
    answer = person.ask(method, path, query=query, headers={"If-None-Match": tags})
    if answer.status_code == 304:
        assert answer.content == b""
        assert answer.headers["etag"]
    return answer.status_code


def test_what_the_caller_has_is_not_sent_again_until_it_changes(company: Company) -> None:
    invoice = company.sent()
    path = f"/invoices/{invoice['id']}"
    tag = company.admin.get(path).headers["etag"]
    assert again(company.admin, path, tag) == 304
    assert again(company.admin, path, f'"other", W/{tag}') == 304
    assert again(company.admin, path, "*") == 304
    assert again(company.admin, path, tag, method="HEAD") == 304
    company.pay(invoice, "1.00")
    assert again(company.admin, path, tag) == 200


def test_the_past_is_tagged_too(company: Company) -> None:
    path = f"/invoices/{company.sent()['id']}"
    for query in ("version=1", f"as_of={company.today}", "known_at=2100-01-01T00:00:00Z"):
        tag = company.admin.get(path, query).headers["etag"]
        assert again(company.admin, path, tag, query) == 304


def test_what_changes_without_a_fact_about_it_has_another_tag(company: Company) -> None:
    draft = company.draft()
    customer = f"/customers/{draft['customer']['id']}"
    tag = company.admin.get(customer).headers["etag"]
    assert again(company.admin, customer, tag) == 304
    sent = good(company.admin.post(f"/invoices/{draft['id']}/send"))
    answer = company.admin.ask("GET", customer, headers={"If-None-Match": tag, "Izvor-After": str(sent["position"])})
    assert good(answer)["balance"] == "242.00"


def test_a_tag_of_reading_serves_for_writing_as_the_version_does(company: Company) -> None:
    path = f"/invoices/{company.draft()['id']}"
    tag = company.admin.get(path).headers["etag"]
    written = company.admin.patch(path, {"notes": "x"}, match=tag)
    assert written.headers["etag"] == f'"{good(written)["version"]}"'
    refused(company.admin.patch(path, {"notes": "y"}, match=tag), 412, "version_conflict")
    for text in ("9", '"9-"', '"9-xyz"', 'W/"9"'):
        refused(company.admin.patch(path, {"notes": "y"}, match=text), 400, "bad_request")


def test_a_refusal_and_a_list_are_never_what_the_caller_has(company: Company) -> None:
    assert again(company.admin, "/invoices/999999", "*") == 404
    assert again(company.admin, "/invoices", "*") == 200


@pytest.mark.parametrize(
    ("public_url", "promise"), [("https://izvor.example", "max-age=31536000"), ("http://izvor.example", None)]
)
def test_a_house_that_is_found_by_https_says_that_it_always_will_be(
    template: EmbeddedPostgres, public_url: str, promise: str | None
) -> None:
    with fresh_database(template) as database, open_house(database, projecting=False, public_url=public_url) as house:
        answer = house.visitor().get("/health/live")
        assert answer.headers.get("strict-transport-security") == promise
