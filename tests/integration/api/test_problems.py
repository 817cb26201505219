"""Errors in one form, HEAD and OPTIONS, and what happens when something below the doors breaks."""

from pathlib import Path
from typing import Any

import pytest

from api.resources import listing
from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, open_house, refused
from tests.support.processes import wait_until
from tests.support.proxy import Proxy
from tests.support.routes import routes

STANDARD = {"type", "title", "status", "detail", "code", "request_id", "errors", "facts"}


def test_a_problem_has_the_fields_of_the_standard_and_ours(company: Company) -> None:
    body = {"customer": {"name": "Ana", "address": {"country": "Romania"}}}
    problem = refused(company.admin.post("/invoices", body), 422, "validation_failed")
    assert set(problem) == STANDARD
    assert problem["title"] == "Unprocessable Entity"
    assert problem["errors"] == [
        {
            "pointer": "/customer/address/country",
            "code": "invalid",
            "detail": "Expected a country of ISO 3166-1, such as RO",
        }
    ]
    assert problem["detail"] == "/customer/address/country: Expected a country of ISO 3166-1, such as RO"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1", "/nothing", "/api/v1/invoices/1/x"])
def test_a_path_that_is_not_there_is_a_problem_too(company: Company, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        refused(company.admin.ask(method, path), 404, "not_found")


def test_a_slash_at_the_end_changes_nothing(company: Company) -> None:
    good(company.admin.get("/invoices/"))


@pytest.mark.parametrize("path", sorted({route.template for route in routes()} - {"/api/v1/test-clock"}))
def test_other_methods_are_not_allowed_and_options_says_which_are(company: Company, path: str) -> None:
    mine = {route.method for route in routes() if route.template == path}
    allowed = mine | ({"HEAD"} if "GET" in mine else set())
    path = path.replace("{document}", "1").replace("{line_id}", "1").replace("{series}", "IZV")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
        if method not in mine:
            answer = company.admin.ask(method, path, {})
            refused(answer, 405, "method_not_allowed")
            assert set(answer.headers["allow"].split(", ")) == allowed | {"OPTIONS"}
    answer = company.house.visitor().ask("OPTIONS", path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert set(answer.headers["allow"].split(", ")) == allowed
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/invoices/1", "/invoices", "/events", "/health/live", "/openapi.json", "/docs", "/"])
def test_head_is_get_without_the_body(company: Company, path: str) -> None:
    after = {"Izvor-After": str(company.draft()["position"])}
    get, head = (company.admin.ask(method, path, headers=after) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "content-length"):
        assert head.headers.get(name) == get.headers.get(name)


def test_head_needs_a_token_as_get_does(company: Company) -> None:
    assert company.house.visitor().ask("HEAD", "/invoices").status_code == 401


def test_every_answer_has_an_id_of_its_own_and_is_not_kept_by_anybody(company: Company) -> None:
    answers = [company.admin.get(path) for path in ("/invoices", "/nothing", "/invoices/x", "/health/live")]
    assert len({answer.headers["request-id"] for answer in answers}) == 4
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_nobody_expected_is_told_without_inner_life(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr(listing, "invoices", broken)
    answer = company.admin.get("/invoices")
    problem = refused(answer, 500, "internal")
    assert "SELECT" not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" in caplog.text
    assert problem["request_id"] in caplog.text


def test_health_is_open_to_everybody(house: House) -> None:
    nobody = house.visitor()
    assert good(nobody.get("/health/live")) == {"status": "ok", "checks": {}}
    ready = good(nobody.get("/health/ready"))
    assert ready == {"status": "ok", "checks": dict.fromkeys(("doors", "store", "schema", "projections"), "ok")}


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short path, since that of a socket has its limits."""
    return tmp_path_factory.mktemp("door") / ".s.PGSQL.5432"


def test_a_database_that_is_away_is_told_and_comes_back(template: EmbeddedPostgres, door: Path) -> None:
    with (
        fresh_database(template) as database,
        Proxy(database, door.parent) as proxy,
        open_house(database, through=proxy.url, patience_seconds=1) as house,
    ):
        company = house.company()
        invoice = company.sent()
        away = door.rename(door.with_name("away"))
        proxy.cut_all()
        for answer in (
            company.admin.get("/invoices"),
            company.admin.get(f"/invoices/{invoice['id']}"),
            company.admin.post("/customers", {"name": "Ana"}, key="k"),
        ):
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "2"
        ready = company.admin.get("/health/ready")
        assert (ready.status_code, ready.json["status"]) == (503, "unavailable")
        assert "server" not in ready.json["checks"]["store"]
        assert good(company.admin.get("/health/live"))["status"] == "ok"
        away.rename(door)
        wait_until(lambda: company.admin.get("/health/ready").status_code == 200)
        made = good(company.admin.post("/customers", {"name": "Ana"}, key="k"), 201)
        assert made["name"] == "Ana"


def test_connections_that_were_cut_while_idle_cost_no_request(template: EmbeddedPostgres, door: Path) -> None:
    with (
        fresh_database(template) as database,
        Proxy(database, door.parent) as proxy,
        open_house(database, through=proxy.url) as house,
    ):
        company = house.company()
        invoice = company.sent()
        for _ in range(3):
            proxy.cut_all()
            good(company.admin.get("/invoices"))
            proxy.cut_all()
            good(company.admin.get(f"/invoices/{invoice['id']}"))
            proxy.cut_all()
            good(company.admin.post("/customers", {"name": "Ana"}), 201)
