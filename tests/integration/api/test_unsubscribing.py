"""The link of a reminder: looking declines nothing, one click does, and nobody can make a link for somebody else."""

import pytest

from invoicing_domain.letters.unsubscribing import PATH, Unsubscribing, link
from tests.support.house import Company, good, refused


def path_of(company: Company, customer_id: str, organization_id: str | None = None) -> str:
    who = Unsubscribing(organization_id or company.organization_id, customer_id, "reminders")
    return link("", company.house.ledger.vault.signature, who)


def test_one_click_declines_and_a_second_changes_nothing(company: Company) -> None:
    customer = good(company.admin.post("/customers", {"name": "Ion", "email": "ion@client.example"}), 201)
    path, visitor = path_of(company, customer["id"]), company.house.visitor()
    page = visitor.get(path)
    assert (page.status_code, "<form" in page.text) == (200, True)
    assert good(company.admin.get(f"/customers/{customer['id']}"))["declined_notices"] == []
    before = company.house.facts()
    for _ in range(2):
        assert visitor.post(path).status_code == 200
    assert company.house.facts() == before + 1
    assert good(company.admin.get(f"/customers/{customer['id']}"))["declined_notices"] == ["reminders"]
    fact = good(company.admin.get("/events", "limit=1000"))["data"][-1]
    assert fact["meta"]["actor"]["id"] == "unsubscribe"


def test_people_of_the_house_set_it_and_take_it_back(company: Company) -> None:
    path = f"/customers/{good(company.admin.post('/customers', {'name': 'Ion'}), 201)['id']}"
    changed = good(company.admin.patch(path, {"declined_notices": ["reminders"]}))
    assert changed["declined_notices"] == ["reminders"]
    listed = good(company.admin.get("/customers", after=str(changed["position"])))["data"]
    assert [one["declined_notices"] for one in listed] == [["reminders"]]
    assert good(company.admin.patch(path, {"declined_notices": []}))["declined_notices"] == []
    refused(company.admin.patch(path, {"declined_notices": ["invoices"]}), 422, "validation_failed")


@pytest.mark.parametrize("token", ["x", "a.b.reminders.00", "..."])
def test_a_link_that_the_house_did_not_sign_is_not_there(company: Company, token: str) -> None:
    visitor = company.house.visitor()
    refused(visitor.get(f"{PATH}{token}"), 404, "not_found")
    refused(visitor.post(f"{PATH}{token}"), 404, "not_found")


def test_a_link_for_a_customer_of_another_house_is_not_there(company: Company) -> None:
    customer = good(company.admin.post("/customers", {"name": "Ion"}), 201)["id"]
    other = company.house.company()
    refused(company.house.visitor().post(path_of(company, customer, other.organization_id)), 404, "not_found")
