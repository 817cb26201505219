"""What belongs to one organization does not exist for another: every route and verb, by ids that are real."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from api.entrance.access import GRANTS, Role
from tests.support.house import Company, House, good, line, refused
from tests.support.routes import Route, bodies, routes

WITH_ID: Final = [route for route in routes() if "{document}" in route.template and route.kind != "jobs"]
"""Jobs have numbers of the whole installation, which are other documents elsewhere: test_jobs.py asks for them."""


def may(role: Role, route: Route) -> bool:
    """Whether somebody of a role gets as far as the document: an admin always, a clerk mostly."""
    needed = route.operation.permission
    return role in ("admin", "clerk") and (needed is None or needed in GRANTS[role])


@dataclass(frozen=True)
class Neighbours:
    """Two companies with the same documents; `theirs` by kind: ids of the other one."""

    me: Company
    them: Company
    theirs: dict[str, str]
    draft: str

    def everything_of_theirs(self) -> list[Any]:
        facts: list[Any] = good(self.them.admin.get("/events", "limit=1000"))["data"]
        return facts


def documents(company: Company) -> tuple[dict[str, str], str]:
    invoice = company.sent()
    corrected = company.credit(company.sent(), reissue=True)
    body = {"customer_id": invoice["customer"]["id"], "lines": [line()]}
    again = {**body, "name": "rent", "rhythm": {"unit": "month", "starts_on": company.days_ago(-5)}}
    run = {"action": "send", "ids": [invoice["id"]]}
    receiver = {"url": "https://93.184.216.34/"}
    paid = company.pay(invoice, "10.00")
    ids = {
        "invoices": invoice["id"],
        "customers": invoice["customer"]["id"],
        "payments": paid["payments"][0]["payment_id"],
        "credit-notes": corrected["credit_note"]["id"],
        "proformas": good(company.admin.post("/proformas", body), 201)["id"],
        "recurring-invoices": good(company.admin.post("/recurring-invoices", again), 201)["id"],
        "bulk": good(company.admin.ask("POST", "/bulk", run, headers={"Prefer": "respond-async"}), 202)["id"],
        "webhook-endpoints": good(company.admin.post("/webhook-endpoints", receiver), 201)["id"],
    }
    good(company.admin.get("/customers", after=str(paid["position"])))  # whose balances do not change from here on
    return ids, corrected["reissued"]["id"]


@pytest.fixture(scope="module")
def neighbours(house: House) -> Neighbours:
    me, them = house.company(), house.company()
    documents(me)
    theirs, draft = documents(them)
    return Neighbours(me, them, theirs, draft)


@pytest.mark.parametrize("route", WITH_ID, ids=lambda route: route.name)
def test_another_organizations_document_is_not_found_and_not_touched(neighbours: Neighbours, route: Route) -> None:
    me, theirs = neighbours.me, neighbours.theirs
    mine = good(me.admin.get("/events", "limit=1000"))["data"]
    before = neighbours.everything_of_theirs()
    body = bodies(me, customer_id="1", invoice_id="1").get(route.name)
    ids = {*theirs.values(), neighbours.draft, theirs[route.kind].upper(), neighbours.them.organization_id}
    for foreign in ids:
        for person in [one for role, one in me.people.items() if may(role, route)]:
            answer = person.ask(route.method, route.path(foreign), body)
            refused(answer, 404, "not_found")
            assert foreign not in answer.text
    assert neighbours.everything_of_theirs() == before
    assert good(me.admin.get("/events", "limit=1000"))["data"] == mine


def test_bodies_cannot_name_another_organizations_documents(neighbours: Neighbours) -> None:
    me, theirs = neighbours.me, neighbours.theirs
    before = neighbours.everything_of_theirs()
    today = me.today.isoformat()
    foreign, own = theirs["invoices"], "1"
    spare = good(me.admin.post("/payments", {"customer_id": own, "amount": "1.00", "date": today}), 201)
    payment = {"customer_id": own, "amount": "1.00", "date": today}
    refused(me.admin.post("/invoices", {"customer_id": theirs["customers"]}), 422, "validation_failed", "/customer_id")
    draft = me.draft()
    refused(
        me.admin.patch(f"/invoices/{draft['id']}", {"customer_id": theirs["customers"]}),
        422,
        "validation_failed",
        "/customer_id",
    )
    refused(
        me.admin.post("/payments", {**payment, "customer_id": theirs["customers"]}),
        422,
        "validation_failed",
        "/customer_id",
    )
    wishes = [{"invoice_id": own}, {"invoice_id": foreign}]
    refused(
        me.admin.post("/payments", {**payment, "allocations": wishes}),
        422,
        "validation_failed",
        "/allocations/1/invoice_id",
    )
    refused(
        me.admin.post(f"/payments/{spare['id']}/allocations", {"date": today, "allocations": wishes}),
        422,
        "validation_failed",
        "/allocations/1/invoice_id",
    )
    assert neighbours.everything_of_theirs() == before


def test_lists_reports_and_the_feed_show_only_ones_own(neighbours: Neighbours) -> None:
    me, theirs = neighbours.me, neighbours.theirs
    position = str(max(fact["position"] for fact in neighbours.everything_of_theirs()))
    for path in ("/invoices", "/customers", "/payments", "/credit-notes", "/reports/aging", "/events", "/organization"):
        headers = {} if path in {"/events", "/organization"} else {"after": position}
        answer = me.admin.get(path, **headers)
        assert answer.status_code == 200
        for foreign in (*theirs.values(), neighbours.them.organization_id):
            assert foreign not in answer.text, path
    for path in ("/invoices", "/payments"):
        answer = me.admin.get(path, f"customer_id={theirs['customers']}")
        assert answer.status_code == 404
        assert good(me.admin.get(path, "customer_id=999999"))["data"] == []


def test_every_id_of_ones_own_is_found_by_uuid_and_by_number(neighbours: Neighbours) -> None:
    them, ids = neighbours.them, neighbours.theirs
    for kind, own in ids.items():
        by_id = good(them.admin.get(f"/{kind}/{own}"))
        reference = by_id.get("reference_number") or by_id["reference"]
        assert good(them.admin.get(f"/{kind}/{reference}")) == by_id
        assert good(them.admin.get(f"/{kind}/{own.upper()}")) == by_id


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1",
        "999999",
        "9" * 16,
        "9" * 400,
        "x",
        "１",
        "1%00",
        "..",
        "%2e%2e",
        "1;drop",
        "1'--",
        "%F0%9F%92%A9",
        "1 ",
    ],
)
def test_what_cannot_be_an_id_is_not_found(company: Company, text: str) -> None:
    for kind in ("invoices", "customers", "payments", "credit-notes", "proformas", "recurring-invoices"):
        refused(company.admin.get(f"/{kind}/{text}"), 404, "not_found")
