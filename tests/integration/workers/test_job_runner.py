"""The runner of jobs: from the claim to the fact, with handlers that fail in every way there is."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from tests.support.jobs import ALREADY_OVER, NOW, Errands, answers, book, status, wish, wished
from tests.support.reminders import HandClock, work_pool
from workers.jobs.book import LEASE
from workers.jobs.job import Answer, Dead, Done, Job, Later, Unknown, Unwanted
from workers.jobs.runner import JobRunner


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Any]]:
    with work_pool(database) as opened:
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


def runner(pool: ConnectionPool[Any], clock: HandClock, errands: Errands, lease: timedelta = LEASE) -> JobRunner:
    return JobRunner(jobs=book(pool, lease), handlers=[errands], clock=clock, chance=lambda: 0.5)


def test_a_job_is_carried_out_once_and_its_fact_recorded(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish())
    errands = Errands()
    assert [runner(pool, clock, errands).run_once() for _ in range(3)] == [1, 0, 0]
    assert (errands.called, errands.recorded) == (["errand:1"], [("errand:1", "sent")])


def test_two_runners_share_the_work(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, *(wish(n) for n in range(20)))
    errands, together = Errands(), threading.Barrier(2)

    def run() -> None:
        one = runner(pool, clock, errands)
        together.wait()
        one.run_once()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(errands.called) == sorted(f"errand:{n}" for n in range(20))


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (Later("429 Too Many Requests", timedelta(minutes=7)), "ready"),
        (Later("503 Service Unavailable"), "ready"),
        (Dead("400 Bad Request"), "dead"),
        (Unknown("nothing came back"), "in_doubt"),
        (Unwanted("paid"), "withdrawn"),
    ],
)
def test_each_answer_has_its_end(pool: ConnectionPool[Any], clock: HandClock, answer: Answer, end: str) -> None:
    wished(pool, wish())
    errands = Errands(answer=answers(answer))
    assert runner(pool, clock, errands).run_once() == 0
    assert status(pool) == end
    assert errands.recorded == ([("errand:1", "dead")] if end == "dead" else [])


def test_what_the_other_side_asks_to_wait_wins_over_our_own_pauses(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish())
    errands = Errands(answer=answers(Later("429", timedelta(minutes=7)), Done()))
    one = runner(pool, clock, errands)
    for minutes in (0, 6, 1):
        clock.forward(minutes=minutes)
        one.run_once()
    assert (len(errands.called), status(pool)) == (2, "sent")


def test_an_error_while_preparing_leaves_no_doubt(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish())

    def broken(_: Job) -> Answer | None:
        raise KeyError("number")

    runner(pool, clock, Errands(prepared=broken)).run_once()
    assert status(pool) == "ready"


def test_the_book_keeps_no_row_that_an_error_was_about(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish(1), wish(2))

    def rejected(job: Job) -> Answer | None:
        if job.effect_key == "errand:1":
            raise psycopg.errors.UniqueViolation("duplicate key\nDETAIL: Key (email)=(ion@client.example) exists.")
        return None

    def broken(job: Job) -> Answer:
        raise psycopg.errors.CheckViolation(f"{job.queue}\nDETAIL: Failing row contains (ion@client.example).")

    runner(pool, clock, Errands(prepared=rejected, answer=broken)).run_once()
    with pool.connection() as connection:
        told = connection.execute("SELECT j.outcome, a.answer FROM work.job j JOIN work.attempt a ON a.job_id = j.id")
        kept = str(told.fetchall())
    assert "UniqueViolation: duplicate key" in kept
    assert "CheckViolation: errands" in kept
    assert "client.example" not in kept


def test_an_outage_while_preparing_ends_the_pass_and_leaves_no_doubt(
    pool: ConnectionPool[Any], clock: HandClock
) -> None:
    wished(pool, wish())

    def away(_: Job) -> Answer | None:
        raise psycopg.OperationalError("the server is gone")

    with pytest.raises(psycopg.OperationalError):
        runner(pool, clock, Errands(prepared=away)).run_once()
    assert status(pool) == "ready"


def test_an_error_while_calling_leaves_a_doubt_and_no_second_call(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish())

    def broken(_: Job) -> Answer:
        raise RuntimeError("nobody thought of this")

    errands = Errands(answer=broken)
    for _ in range(3):
        runner(pool, clock, errands).run_once()
    assert (status(pool), errands.called) == ("in_doubt", ["errand:1"])


def test_a_receiver_that_bears_repeats_is_called_again_after_a_doubt(
    pool: ConnectionPool[Any], clock: HandClock
) -> None:
    wished(pool, wish())
    errands = Errands(
        answer=answers(Unknown("lost"), Done()), resolution=Later("again", timedelta(minutes=10), unreachable=False)
    )
    one = runner(pool, clock, errands)
    one.run_once()
    assert status(pool) == "ready"
    clock.forward(minutes=10)
    assert one.run_once() == 1
    assert len(errands.called) == 2


def test_a_receiver_that_can_be_asked_settles_the_doubt(pool: ConnectionPool[Any], clock: HandClock) -> None:
    wished(pool, wish())
    errands = Errands(answer=answers(Unknown("lost")), resolution=Done({"index": 4711}))
    one = runner(pool, clock, errands)
    one.run_once()
    one.run_once()
    assert (status(pool), errands.called, errands.recorded) == ("sent", ["errand:1"], [("errand:1", "sent")])


def test_a_worker_that_is_late_finds_the_doubt_resolved_and_changes_nothing(
    pool: ConnectionPool[Any], clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    wished(pool, wish())
    again = Later("the receiver bears it", unreachable=False)
    other = runner(pool, clock, Errands(prepared=lambda _: Later("not now"), resolution=again))

    def slow(_: Job) -> Answer:
        other.run_once()
        return Done()

    with caplog.at_level(logging.ERROR):
        runner(pool, clock, Errands(answer=slow), ALREADY_OVER).run_once()
    assert status(pool) == "ready"
    assert "errand:1: attempt 1 was answered after its lease" in caplog.text


def test_a_fact_that_cannot_be_recorded_now_is_recorded_later(
    pool: ConnectionPool[Any], clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    wished(pool, wish(1), wish(2))

    class Forgetful(Errands):
        def record(self, job: Job) -> int:
            if not self.recorded and job.effect_key == "errand:1":
                self.recorded.append((job.effect_key, "failed"))
                raise ValueError("not yet")
            return super().record(job)

    errands = Forgetful()
    with caplog.at_level(logging.ERROR):
        runner(pool, clock, errands).run_once()
    runner(pool, clock, errands).run_once()
    assert errands.recorded == [("errand:1", "failed"), ("errand:2", "sent"), ("errand:1", "sent")]
    assert len(errands.called) == 2


def test_a_runner_that_is_told_to_stop_finishes_what_it_is_at_and_begins_nothing_more(
    pool: ConnectionPool[Any], clock: HandClock
) -> None:
    wished(pool, *(wish(n) for n in range(5)))
    stop = Event()

    def stopping(_: Job) -> Answer:
        stop.set()
        return Done()

    assert runner(pool, clock, Errands(answer=stopping)).run_once(stop) == 1
    with pool.connection() as connection:
        left = connection.execute("SELECT status, count(*) FROM work.job GROUP BY 1 ORDER BY 1").fetchall()
    assert left == [("ready", 4), ("sent", 1)]


def test_breakers_are_shared_so_that_a_server_that_is_down_costs_three_calls(
    pool: ConnectionPool[Any], clock: HandClock
) -> None:
    wished(pool, *(wish(n) for n in range(10)))
    down: Callable[[Job], Answer] = answers(Later("no connection"))
    errands = Errands(answer=down)
    for _ in range(2):
        runner(pool, clock, errands).run_once()
    assert len(errands.called) == 3
