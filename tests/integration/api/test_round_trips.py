"""How often a command over HTTP waits for the database: each time costs more than the decision."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import Company, House, good, line, open_house
from tests.support.proxy import Proxy

WARM_UP, TRIES = 6, 4
"""Connections prepare their statements, and once or twice a second tokens and the settings of an organization are read
anew: the least of some tries counts."""

BUYER = {"name": "Ana Pop", "kind": "person", "email": "ana@example.ro"}


@pytest.fixture(scope="module")
def way(template: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Proxy]]:
    directory: Path = tmp_path_factory.mktemp("door")
    with (
        fresh_database(template) as database,
        Proxy(database, directory) as proxy,
        open_house(database, through=proxy.url, projecting=False) as house,
    ):
        yield house, proxy


def drafted(company: Company) -> dict[str, str]:
    return company.draft(customer=BUYER)


def sent(company: Company) -> dict[str, str]:
    return company.sent(customer=BUYER)


def nothing(_: Company) -> dict[str, str]:
    return {}


def draft_for_somebody_new(company: Company, _: dict[str, str]) -> None:
    company.draft(customer=BUYER)


def draft_under_a_key(company: Company, _: dict[str, str]) -> None:
    body = {"customer_id": "1", "lines": [line()]}
    good(company.admin.post("/invoices", body, key=f"k-{company.house.facts()}"), 201)


def add_a_line(company: Company, invoice: dict[str, str]) -> None:
    good(company.admin.post(f"/invoices/{invoice['id']}/lines", line()), 201)


def send(company: Company, invoice: dict[str, str]) -> None:
    good(company.admin.post(f"/invoices/{invoice['id']}/send"))


def pay(company: Company, invoice: dict[str, str]) -> None:
    company.pay(invoice, "10.00")


@pytest.mark.parametrize(
    ("given", "command", "round_trips"),
    [
        pytest.param(nothing, draft_for_somebody_new, 3, id="draft: two references, facts"),
        pytest.param(drafted, draft_under_a_key, 4, id="draft: earlier answer, customer, reference, facts"),
        pytest.param(drafted, add_a_line, 2, id="line: invoice, facts"),
        pytest.param(drafted, send, 4, id="send: invoice, series, facts, disk"),
        pytest.param(sent, pay, 4, id="payment: invoice, reference, invoice as it is decided on, facts"),
    ],
)
def test_a_command_asks_the_database_no_more_often_than_it_has_to(
    way: tuple[House, Proxy],
    given: Callable[[Company], dict[str, str]],
    command: Callable[[Company, dict[str, str]], None],
    round_trips: int,
) -> None:
    house, proxy = way
    company = house.company()
    counts = []
    for _ in range(WARM_UP + TRIES):
        document = given(company)
        before = proxy.requests
        command(company, document)
        counts.append(proxy.requests - before)
    assert min(counts[WARM_UP:]) == round_trips
