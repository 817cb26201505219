"""Tokens: who is recognised, and what each role may do, for every route that there is."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import psycopg
import pytest

from api.entrance import tokens
from invoicing_domain.clock import SystemClock
from tests.support.house import Company, House, good, refused
from tests.support.processes import wait_until
from tests.support.routes import Route, routes

DOCUMENTS: Final = {"admin", "clerk", "sales", "auditor"}
DRAFTING: Final = {"admin", "clerk", "sales"}
COLLECTING: Final = {"admin", "clerk"}
HISTORY: Final = {"admin", "clerk", "auditor"}
AUDITING: Final = {"admin", "auditor"}
LISTS: Final = DOCUMENTS | {"bi"}
EVERYBODY: Final = None

MAY: Final[dict[str, set[str] | None]] = {
    "POST /customers": DRAFTING,
    "GET /customers": LISTS,
    "GET /customers/{document}": DOCUMENTS,
    "PATCH /customers/{document}": DRAFTING,
    "POST /customers/{document}/erasure": {"admin"},
    "POST /invoices": DRAFTING,
    "GET /invoices": LISTS,
    "GET /invoices/{document}": DOCUMENTS,
    "PATCH /invoices/{document}": DRAFTING,
    "DELETE /invoices/{document}": DRAFTING,
    "POST /invoices/{document}/lines": DRAFTING,
    "PATCH /invoices/{document}/lines/{line_id}": DRAFTING,
    "DELETE /invoices/{document}/lines/{line_id}": DRAFTING,
    "POST /invoices/{document}/send": COLLECTING,
    "POST /invoices/{document}/payments": COLLECTING,
    "POST /invoices/{document}/credit-notes": COLLECTING,
    "POST /invoices/{document}/reminders": COLLECTING,
    "GET /settings/reminders": DOCUMENTS,
    "PATCH /settings/reminders": {"admin"},
    "PUT /invoices/{document}/reminders/hold": COLLECTING,
    "DELETE /invoices/{document}/reminders/hold": COLLECTING,
    "GET /invoices/{document}/history": HISTORY,
    "GET /invoices/{document}/events": HISTORY,
    "POST /payments": COLLECTING,
    "GET /payments": LISTS,
    "GET /payments/{document}": DOCUMENTS,
    "POST /payments/{document}/allocations": COLLECTING,
    "POST /payments/{document}/reversal": COLLECTING,
    "GET /credit-notes": LISTS,
    "GET /credit-notes/{document}": DOCUMENTS,
    "GET /reports/aging": LISTS,
    "GET /events": HISTORY,
    "GET /organization": DOCUMENTS,
    "GET /organization/logo": DOCUMENTS,
    "PUT /organization/logo": {"admin"},
    "DELETE /organization/logo": {"admin"},
    "GET /invoices/{document}/document.pdf": DOCUMENTS,
    "GET /credit-notes/{document}/document.pdf": DOCUMENTS,
    "GET /proformas/{document}/document.pdf": DOCUMENTS,
    "PATCH /organization": {"admin"},
    "POST /invoices/{document}/cancel": COLLECTING,
    "POST /invoices/{document}/due-date": COLLECTING,
    "POST /invoices/{document}/notes": COLLECTING,
    "POST /payments/{document}/deallocations": COLLECTING,
    "POST /payments/{document}/refunds": COLLECTING,
    "POST /credit-notes/{document}/applications": COLLECTING,
    "POST /credit-notes/{document}/deallocations": COLLECTING,
    "POST /credit-notes/{document}/refunds": COLLECTING,
    "GET /exchange-rates": LISTS,
    "POST /exchange-rates": COLLECTING,
    "GET /customers/{document}/statement": DOCUMENTS,
    "GET /reports/dso": LISTS,
    "GET /reports/on-time": LISTS,
    "POST /invoices/from-order": DRAFTING,
    "GET /settings/series": LISTS,
    "POST /settings/series": {"admin"},
    "GET /settings/series/{series}": LISTS,
    "POST /settings/series/{series}/close": {"admin"},
    "GET /reports/series": LISTS,
    "GET /proformas": LISTS,
    "POST /proformas": DRAFTING,
    "GET /proformas/{document}": DOCUMENTS,
    "POST /proformas/{document}/send": DRAFTING,
    "POST /proformas/{document}/cancel": DRAFTING,
    "POST /proformas/{document}/invoice": DRAFTING,
    "GET /proformas/{document}/history": HISTORY,
    "GET /recurring-invoices": LISTS,
    "POST /recurring-invoices": COLLECTING,
    "GET /recurring-invoices/{document}": DOCUMENTS,
    "PATCH /recurring-invoices/{document}": COLLECTING,
    "POST /recurring-invoices/{document}/pause": COLLECTING,
    "POST /recurring-invoices/{document}/resume": COLLECTING,
    "POST /recurring-invoices/{document}/run": COLLECTING,
    "GET /recurring-invoices/{document}/invoices": DOCUMENTS,
    "GET /recurring-invoices/{document}/history": HISTORY,
    "POST /invoices/{document}/emails": COLLECTING,
    "POST /credit-notes/{document}/emails": COLLECTING,
    "POST /mail/bounces": COLLECTING,
    "GET /settings/mail-templates/{kind}/{language}": DOCUMENTS,
    "PUT /settings/mail-templates/{kind}/{language}": {"admin"},
    "DELETE /settings/mail-templates/{kind}/{language}": {"admin"},
    "POST /settings/mail-templates/{kind}/{language}/preview": {"admin"},
    "GET /unsubscribe/{token}": EVERYBODY,
    "POST /unsubscribe/{token}": EVERYBODY,
    "GET /jobs": HISTORY,
    "GET /jobs/{document}": HISTORY,
    "POST /jobs/decisions": {"admin"},
    "POST /jobs/{document}/retry": {"admin"},
    "POST /jobs/{document}/cancel": {"admin"},
    "POST /jobs/{document}/decision": {"admin"},
    "GET /webhook-endpoints": AUDITING,
    "POST /webhook-endpoints": {"admin"},
    "GET /webhook-endpoints/{document}": AUDITING,
    "PATCH /webhook-endpoints/{document}": {"admin"},
    "DELETE /webhook-endpoints/{document}": {"admin"},
    "POST /webhook-endpoints/{document}/rotate-secret": {"admin"},
    "POST /webhook-endpoints/{document}/enable": {"admin"},
    "POST /webhook-endpoints/{document}/disable": {"admin"},
    "POST /webhook-endpoints/{document}/test": {"admin"},
    "GET /webhook-endpoints/{document}/history": HISTORY,
    "GET /webhook-endpoints/{document}/deliveries": AUDITING,
    "POST /webhook-endpoints/{document}/deliveries/{delivery}/replay": {"admin"},
    "POST /bulk": DOCUMENTS,  # each action asks for its own permission
    "GET /bulk/{document}": DOCUMENTS,
    "GET /search/invoices": LISTS,
    "GET /exports/invoices.csv": LISTS,
    "GET /exports/invoices.xlsx": LISTS,
    "GET /exports/saga.xml": DOCUMENTS,
    "GET /test-clock": LISTS,
    "PUT /test-clock": {"admin"},
    "GET /health/live": EVERYBODY,
    "GET /health/ready": EVERYBODY,
}
"""The roles of the contract, route by route."""

ROUTED: Final = [route for route in routes() if not route.template.endswith("/test-clock")]


def test_every_route_says_who_may() -> None:
    assert {route.name for route in routes()} == set(MAY)


@pytest.mark.parametrize("route", ROUTED, ids=lambda route: route.name)
def test_each_role_may_what_it_may_and_nothing_else(house: House, company: Company, route: Route) -> None:
    may = MAY[route.name]
    before = house.facts()
    for role, person in company.people.items():
        answer = person.ask(route.method, route.path("999"), {"no such": "field"})
        if may is EVERYBODY or role in may:
            assert answer.status_code not in {401, 403}, role
        else:
            problem = refused(answer, 403, "forbidden")
            assert role in problem["detail"]
    assert house.facts() == before


@pytest.mark.parametrize("route", ROUTED, ids=lambda route: route.name)
def test_nobody_enters_without_a_token(company: Company, route: Route) -> None:
    answer = company.house.visitor().ask(route.method, route.path("1"), {})
    if MAY[route.name] is EVERYBODY:
        assert answer.status_code in {200, 404}  # nobody signed the link that leads to nothing
    else:
        refused(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == 'Bearer realm="izvor"'


def test_a_token_that_is_not_one_is_refused(company: Company) -> None:
    real = company.admin.headers["Authorization"].removeprefix("Bearer ")
    for text in (
        "",
        "x",
        real[:-1],
        real + "A",
        real[:-1] + ("A" if real[-1] != "A" else "B"),
        real.replace("izv_", "iza_"),
        "izv_00000000_" + real[-43:],
        real.upper(),
        real + "\u00e4",
        "izv_" + "0" * 10_000,
        "' OR 1=1 --",
    ):
        for headers in ({"Authorization": f"Bearer {text}"}, {"authtoken": text}, {"Authorization": f"Basic {real}"}):
            refused(company.house.visitor(headers).get("/invoices"), 401, "unauthorized")


def test_both_headers_carry_a_token(company: Company) -> None:
    real = company.admin.headers["Authorization"].removeprefix("Bearer ")
    for headers in ({"authtoken": real}, {"Authorization": f"bearer {real}"}, {"Authorization": f"Bearer  {real} "}):
        good(company.house.visitor(headers).get("/invoices"))


def test_a_token_in_the_query_string_is_refused_even_if_it_is_good(company: Company) -> None:
    real = company.admin.headers["Authorization"].removeprefix("Bearer ")
    for name in ("token", "authtoken", "access_token", "Authorization"):
        answer = company.house.visitor().get("/invoices", f"{name}={real}")
        assert real not in answer.text
        refused(answer, 401, "unauthorized")
        twice = company.admin.get("/invoices", f"{name}={real}")
        refused(twice, 422, "validation_failed", name)
        assert real not in twice.text


def test_a_revoked_token_is_refused_soon_and_an_expired_one_at_once(company: Company) -> None:
    house, now = company.house, SystemClock().now()
    person = house.person(company.organization_id, "clerk")
    good(person.get("/invoices"))
    token_id = person.headers["Authorization"].split("_")[1]
    with psycopg.connect(house.database, autocommit=True) as connection:
        assert tokens.revoke(connection, token_id, now)
        assert not tokens.revoke(connection, token_id, now)
        late = tokens.create(
            connection,
            organization_id=company.organization_id,
            role="clerk",
            name="was",
            now=now - timedelta(days=8),
            valid_days=7,
        )
    wait_until(lambda: person.get("/invoices").status_code != 200)
    refused(person.get("/invoices"), 401, "unauthorized")
    refused(house.visitor({"authtoken": late}).get("/invoices"), 401, "unauthorized")
    live = house.visitor({"authtoken": house.token(company.organization_id, "clerk", valid_days=7)})
    good(live.get("/invoices"))


def test_what_is_said_of_a_token_is_believed_for_half_a_second_and_not_beyond_its_end(company: Company) -> None:
    monotonic, now = [100.0], SystemClock().now()
    callers = tokens.Tokens(lambda: monotonic[0])
    text = company.house.token(company.organization_id, "clerk", valid_days=7)
    with psycopg.connect(company.house.database, autocommit=True) as connection:

        def is_let_in(text: str, at: datetime = now) -> bool:
            return callers.recognise(lambda: nullcontext(connection), text, at) is not None

        assert is_let_in(text)
        tokens.revoke(connection, text.split("_")[1], now)
        assert is_let_in(text)
        assert not is_let_in(text, now + timedelta(days=8))
        assert not is_let_in(f"{text[:-1]}{'-' if text[-1] == '_' else '_'}")
        monotonic[0] += tokens.BELIEVED_SECONDS
        assert not is_let_in(text)


def test_a_token_that_was_not_there_is_known_as_soon_as_it_is(company: Company) -> None:
    callers, now = tokens.Tokens(lambda: 100.0), SystemClock().now()
    text = company.house.token(company.organization_id, "clerk")
    lend = partial(psycopg.connect, company.house.database, autocommit=True)
    with psycopg.connect(company.house.database) as rolled_back:
        rolled_back.execute("DELETE FROM izvor.token")
        assert callers.recognise(lambda: nullcontext(rolled_back), text, now) is None
        rolled_back.rollback()
    assert callers.recognise(lend, text, now) is not None


def test_who_did_what_and_why_is_in_every_fact(company: Company) -> None:
    clerk = company.people["clerk"]
    reason = "Preț greșit: 100 → 90"
    answer = clerk.post("/customers", {"name": "Ana"}, reason=reason.encode().decode("latin-1"))
    fact = good(company.admin.get("/events", "limit=1000"))["data"][-1]
    assert fact["meta"]["reason"] == reason
    assert fact["meta"]["correlation_id"] == answer.headers["request-id"]
    token_id = clerk.headers["Authorization"].split("_")[1]
    assert fact["meta"]["actor"] == {"kind": "token", "id": token_id, "name": "the clerk"}


@pytest.mark.parametrize("reason", ["x" * 501, "a\x01b", "a\x7fb", "a\x00b", "a\x1b[31mb"])
def test_a_reason_that_could_not_be_kept_is_refused(house: House, company: Company, reason: str) -> None:
    before = house.facts()
    refused(company.admin.post("/customers", {"name": "Ana"}, reason=reason), 400, "bad_request")
    assert house.facts() == before
