"""The link of a reminder: looking declines nothing, one click does, and nobody can make a link for somebody else."""

from typing import get_args
from urllib.parse import urlencode

import pytest
from falcon.testing import Result

from invoicing_domain.letters.unsubscribing import PATH, Unsubscribing, token
from invoicing_domain.model.customer.events import Notice
from invoicing_domain.model.party import Language
from tests.support.house import Company, Person, good, refused


def path_of(company: Company, customer_id: str, organization_id: str | None = None) -> str:
    who = Unsubscribing(organization_id or company.organization_id, customer_id, "reminders")
    return f"{PATH}{token(company.house.ledger.vault.signature, who)}"


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


def press(visitor: Person, path: str, **form: str) -> Result:
    """A button of the page."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return visitor.ask("POST", path, raw=urlencode(form).encode(), headers=kind)


def test_the_page_undoes_what_it_did_and_says_how_things_stand(company: Company) -> None:
    good(company.admin.patch("/organization", {"name": "Atelierul <Ștefan> SRL"}))
    body = {"name": "Ion", "email": "ion@client.example", "language": "en"}
    customer = f"/customers/{good(company.admin.post('/customers', body), 201)['id']}"
    path, visitor = path_of(company, customer.rpartition("/")[2]), company.house.visitor()
    asks = visitor.get(path).text
    assert "receive no more payment reminders by e-mail from <strong>Atelierul &lt;Ștefan&gt; SRL</strong>?" in asks
    noted = press(visitor, path, **{"List-Unsubscribe": "One-Click"})
    assert "Noted:" in noted.text
    assert visitor.get(path).text == noted.text
    before = company.house.facts()
    assert [press(visitor, path, choice="wanted").text for _ in range(2)] == [asks, asks]
    assert company.house.facts() == before + 1
    assert good(company.admin.get(customer))["declined_notices"] == []


def test_who_was_erased_is_declined_for_and_cannot_undo_it(company: Company) -> None:
    customer = good(company.admin.post("/customers", {"name": "Ion", "kind": "person"}), 201)["id"]
    good(company.admin.post(f"/customers/{customer}/erasure", {"reason": "at his wish"}))
    path, visitor, before = path_of(company, customer), company.house.visitor(), company.house.facts()
    pages = [visitor.get(path), press(visitor, path), press(visitor, path, choice="wanted")]
    assert [("Am notat" in page.text, "<form" in page.text) for page in pages] == [(True, False)] * 3
    assert company.house.facts() == before


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("notice", get_args(Notice))
def test_every_kind_of_letter_that_can_be_declined_has_its_words(
    company: Company, language: Language, notice: Notice
) -> None:
    customer = good(company.admin.post("/customers", {"name": "Ion", "language": language}), 201)["id"]
    who = Unsubscribing(company.organization_id, customer, notice)
    path = f"{PATH}{token(company.house.ledger.vault.signature, who)}"
    assert company.house.visitor().get(path).status_code == 200


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
