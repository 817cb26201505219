"""How often one may ask: a budget for each token, shared by all processes, and one for guesses at tokens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import psycopg
import pytest

from api.entrance.limits import FAILURES_AT_ONCE, FailureLimit, TokenLimit
from api.entrance.problems import Problem
from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import House, good, open_house, refused

PER_MINUTE = 60
AT_ONCE = 10


@pytest.fixture(scope="module")
def strict(template: EmbeddedPostgres) -> Iterator[House]:
    with fresh_database(template) as database, open_house(database, requests_per_minute=PER_MINUTE) as house:
        yield house


def admitted(limit: TokenLimit, url: str, token: str, times: int) -> int:
    """How many of so many requests are let in."""
    with psycopg.connect(url, autocommit=True) as connection:
        let_in = 0
        for _ in range(times):
            with suppress(Problem):
                limit.admit(lambda: nullcontext(connection), token)
                let_in += 1
        return let_in


def test_a_token_that_asks_too_often_is_told_when_to_come_back(strict: House) -> None:
    company = strict.company()
    answers = [company.admin.get("/customers") for _ in range(AT_ONCE + 5)]
    first = answers[0]
    assert first.headers["ratelimit-limit"] == first.headers["x-ratelimit-limit"] == str(AT_ONCE)
    assert first.headers["ratelimit-policy"] == f"{AT_ONCE};w=10"
    assert first.headers["ratelimit-remaining"] == first.headers["x-ratelimit-remaining"] == str(AT_ONCE - 1)
    assert int(first.headers["ratelimit-reset"]) >= 1
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    refused(late[0], 429, "rate_limited")
    assert int(late[0].headers["retry-after"]) >= 1
    assert late[0].headers["ratelimit-remaining"] == "0"


def test_another_token_of_the_same_organization_has_a_budget_of_its_own(strict: House) -> None:
    company = strict.company()
    while company.admin.get("/customers").status_code != 429:
        pass
    good(company.people["clerk"].get("/customers"))


def test_the_old_dialect_draws_on_the_same_budget(strict: House) -> None:
    company = strict.company()
    while company.admin.get("/customers").status_code != 429:
        pass
    answer = company.admin.ask("GET", "/api/invoices")
    assert answer.status_code == 429
    assert "retry-after" in answer.headers


def test_all_processes_share_a_budget_but_for_a_batch(database: str) -> None:
    first, second = TokenLimit(600), TokenLimit(600)  # 100 at once, drawn by fives
    let_in = admitted(first, database, "t", 60) + admitted(second, database, "t", 60)
    assert 100 <= let_in <= 110


def test_what_was_used_comes_back_with_time_and_never_more_than_all(database: str) -> None:
    limit = TokenLimit(60, clock=lambda: 0.0)
    assert admitted(limit, database, "t", AT_ONCE) == AT_ONCE
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("UPDATE izvor.allowance SET counted_at = counted_at - interval '3 seconds'")
        assert admitted(TokenLimit(60), database, "t", 3) == 3
        owner.execute("UPDATE izvor.allowance SET counted_at = counted_at - interval '1 day'")
    assert AT_ONCE <= admitted(TokenLimit(60), database, "t", 50) <= AT_ONCE + 1


def test_most_requests_ask_nobody(database: str) -> None:
    limit = TokenLimit(6_000)
    assert admitted(limit, database, "t", 50) == 50
    with psycopg.connect(database) as owner:
        assert owner.execute("SELECT requests FROM izvor.allowance").fetchall() == [(950.0,)]


def test_nobody_waits_for_what_another_one_draws(database: str) -> None:
    limit = TokenLimit(6_000)
    assert admitted(limit, database, "first", 1) == 1

    @contextmanager
    def slow() -> Iterator[psycopg.Connection[Any]]:
        with ThreadPoolExecutor(1) as meanwhile:
            assert meanwhile.submit(admitted, limit, database, "first", 1).result() == 1
        with psycopg.connect(database, autocommit=True) as connection:
            yield connection

    limit.admit(slow, "second")


def test_guessing_tokens_is_slowed_down_and_hurts_no_valid_one(strict: House) -> None:
    company = strict.company()
    wrong = strict.visitor({"Authorization": f"Bearer izv_00000000_{'x' * 43}"})
    statuses = [wrong.get("/customers").status_code for _ in range(FAILURES_AT_ONCE + 3)]
    assert statuses[:FAILURES_AT_ONCE] == [401] * FAILURES_AT_ONCE
    assert 429 in statuses[FAILURES_AT_ONCE:]
    answer = wrong.get("/customers")
    assert int(answer.headers["retry-after"]) >= 1
    good(company.admin.get("/customers"))
    refused(strict.visitor().get("/customers"), 401, "unauthorized")


def test_failures_are_counted_by_address_and_forgotten_with_time() -> None:
    now = [0.0]
    limit = FailureLimit(clock=lambda: now[0])
    for _ in range(FAILURES_AT_ONCE):
        limit.count("10.0.0.1")
    with pytest.raises(Problem):
        limit.count("10.0.0.1")
    limit.count("10.0.0.2")
    now[0] += 3.5
    limit.count("10.0.0.1")
    with pytest.raises(Problem):
        limit.count("10.0.0.1")


def test_without_a_limit_no_answer_speaks_of_one(house: House) -> None:
    company = house.company()
    assert "ratelimit-limit" not in company.admin.get("/customers").headers
