"""Figures of workers: every name is told once there is something to tell, and the book of jobs is counted by queue."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from prometheus_client import generate_latest
from psycopg_pool import ConnectionPool

from tests.support.jobs import NOW, Errands, answers, book, wish, wished
from tests.support.reminders import HandClock, work_pool
from workers import figures as names
from workers.figures import BookFigures, WorkFigures
from workers.jobs.job import Answer, Dead, Done, Unknown
from workers.jobs.runner import JobRunner


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Any]]:
    with work_pool(database) as opened:
        yield opened


@pytest.mark.parametrize(
    ("answer", "outcome", "counted"),
    [
        (Done(), "sent", None),
        (Dead("400"), "dead", names.JOBS_DEAD),
        (Unknown("nothing came back"), "in_doubt", names.JOBS_IN_DOUBT),
    ],
)
def test_attempts_are_counted_by_queue_and_outcome_and_what_is_left_is_told(
    database: str, pool: ConnectionPool[Any], answer: Answer, outcome: str, counted: str | None
) -> None:
    wished(pool, wish())
    figures = WorkFigures()
    errands = Errands(answer=answers(answer))
    runner = JobRunner(jobs=book(pool), handlers=[errands], clock=HandClock(NOW), attempted=figures.attempted)
    runner.run_once()
    told = generate_latest(figures.registry).decode()
    assert f'{names.JOBS_ATTEMPTS}{{outcome="{outcome}",queue="{errands.queue}"}} 1.0' in told
    figures.registry.register(BookFigures(lambda: psycopg.connect(database)))
    told = generate_latest(figures.registry).decode()
    for name in (names.JOBS_READY, names.JOBS_DEAD, names.JOBS_IN_DOUBT):
        expected = 1.0 if name == counted else 0.0
        assert f'{name}{{queue="{errands.queue}"}} {expected}' in told
    assert f"{names.CIRCUIT}{{" in told


def test_jobs_that_wait_are_told_with_the_age_of_the_oldest(database: str, pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(1), wish(2))
    (ready, oldest) = list(BookFigures(lambda: psycopg.connect(database)).collect())[:2]
    assert [sample.value for sample in ready.samples] == [2.0]
    assert (oldest.name, oldest.samples[0].value >= 0) == (names.JOBS_OLDEST, True)


def test_relay_and_consumer_tell_what_they_did() -> None:
    figures = WorkFigures()
    figures.leading(leads=True)
    figures.published(3)
    figures.consumed("dead")
    told = generate_latest(figures.registry).decode()
    assert f"{names.RELAY_LEADER} 1.0" in told
    assert f"{names.RELAY_PUBLISHED} 3.0" in told
    assert f'{names.CONSUMER_RECORDS}{{outcome="dead"}} 1.0' in told
