"""Figures over HTTP: who may read them, what they say, and that they tell of nobody."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import figures as api_figures
from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain import figures as domain_figures
from tests.support.databases import fresh_database
from tests.support.house import House, open_house

TOKEN = "figures-for-the-operator-only"


@pytest.fixture
def open_to_tokens(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database, projecting=False, metrics_token=TOKEN) as running:
        yield running


def samples(text: str) -> dict[str, float]:
    """Sums by name, over all labels."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_every_figure_of_the_api_is_told_and_none_names_a_document(house: House) -> None:
    invoice = house.company().sent()
    answer = house.client.simulate_get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    told = samples(answer.text)
    for name in (
        domain_figures.COMMANDS,
        f"{domain_figures.COMMAND_SECONDS}_count",
        f"{domain_figures.APPEND_SECONDS}_count",
        domain_figures.CONFLICTS,
        f"{api_figures.REQUEST_SECONDS}_count",
        api_figures.MAX_POSITION,
        *api_figures.POOL,
    ):
        assert name in told, name
    assert told[api_figures.MAX_POSITION] >= invoice["position"]
    assert 'route="/api/v1/invoices/{document}/send",status="200"' in answer.text
    assert invoice["id"] not in answer.text


def test_a_refused_command_is_counted_as_refused(house: House) -> None:
    company = house.company()
    sent = company.sent()
    assert company.admin.post(f"/invoices/{sent['id']}/send").status_code == 409
    assert 'outcome="refused"' in house.client.simulate_get("/metrics").text


def test_paths_that_lead_nowhere_share_one_name(house: House) -> None:
    house.client.simulate_get("/nowhere/at/all")
    text = house.client.simulate_get("/metrics").text
    assert 'route="unknown",status="404"' in text
    assert "nowhere" not in text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_sees_nothing(house: House, header: str) -> None:
    assert house.client.simulate_get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_another_machine_sees_nothing(house: House) -> None:
    assert house.client.simulate_get("/metrics", remote_addr="192.0.2.1").status_code == 404


def test_with_a_token_set_the_token_opens_from_anywhere_and_nothing_else_does(open_to_tokens: House) -> None:
    def status(authorization: str) -> int:
        headers = {"Authorization": authorization}
        return open_to_tokens.client.simulate_get("/metrics", headers=headers, remote_addr="192.0.2.1").status_code

    assert status(f"Bearer {TOKEN}") == 200
    assert [status(f"Bearer {TOKEN}x"), status("Bearer ")] == [404, 404]
    assert open_to_tokens.client.simulate_get("/metrics").status_code == 404
