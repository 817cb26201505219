"""The book of jobs: who may do what, once, and what is left when somebody dies."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from tests.support.jobs import ALREADY_OVER, NOW, QUEUE, book, keys, status, wish, wished
from tests.support.processes import wait_until
from tests.support.reminders import ABROAD, work_pool
from workers.jobs.book import BREAKS_AFTER, Jobs
from workers.jobs.enqueue import enqueue
from workers.jobs.job import Answer, Dead, Done, Job, Later, Unknown, Unwanted


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Any]]:
    with work_pool(database) as opened:
        yield opened


def claimed(jobs: Jobs, **later: float) -> Job:
    job = jobs.claim(QUEUE, NOW + timedelta(**later))
    assert job is not None
    return job


def finished(jobs: Jobs, answer: Answer, **pause: float) -> str | None:
    return jobs.finish(claimed(jobs), answer, NOW, NOW + timedelta(**pause))


def test_the_same_cause_told_a_thousand_times_is_one_job(pool: ConnectionPool[Any]) -> None:
    assert sum(wished(pool, wish()) for _ in range(1_000)) == 1
    assert wished(pool, *[wish()] * 100) == 0


def test_a_wish_whose_transaction_is_rolled_back_was_never_made(pool: ConnectionPool[Any]) -> None:
    with pool.connection() as connection, connection.transaction(force_rollback=True):
        assert enqueue(connection, [wish()], NOW) == 1
    assert status(pool) is None


def test_a_job_is_claimed_by_one_worker_only(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    claimed(book(pool))
    assert book(pool).claim(QUEUE, NOW) is None


def test_of_eight_workers_never_two_are_at_the_same_document(database: str) -> None:
    with ConnectionPool(database, min_size=8, max_size=8, kwargs={"autocommit": True}) as pool:
        wished(pool, *(wish(n, lock_key=f"document:{n % 5}", destination=f"world {n % 3}") for n in range(40)))
        busy, done, twice, lock = set[str](), list[str](), list[str](), threading.Lock()

        def work() -> None:
            jobs, deadline = book(pool), time.monotonic() + 60
            while len(done) < 40 and time.monotonic() < deadline:
                job = jobs.claim(QUEUE, NOW)
                if job is None:
                    continue
                document = f"document:{job.payload['number'] % 5}"
                with lock:
                    twice.extend({document} & busy)
                    busy.add(document)
                with lock:
                    busy.discard(document)
                    done.append(job.effect_key)
                jobs.finish(job, Done(), NOW)
                jobs.recorded(job, 1)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (twice, sorted(done)) == ([], sorted(f"errand:{n}" for n in range(40)))


def test_while_one_is_under_way_or_unrecorded_no_other_of_the_same_document_begins(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(1, lock_key="document"), wish(2, lock_key="document"))
    jobs = book(pool)
    first = claimed(jobs)
    assert jobs.claim(QUEUE, NOW) is None
    jobs.finish(first, Done(), NOW)
    assert jobs.claim(QUEUE, NOW) is None
    jobs.recorded(first, 42)
    assert claimed(jobs).effect_key == "errand:2"


def test_a_retry_has_to_wait_for_its_time(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    jobs = book(pool)
    assert finished(jobs, Later("421 busy"), minutes=5) == "ready"
    assert jobs.claim(QUEUE, NOW + timedelta(minutes=4)) is None
    assert claimed(jobs, minutes=5).attempt == 2


def test_attempts_are_bounded(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(max_attempts=3))
    jobs = book(pool)
    assert [finished(jobs, Later("busy", unreachable=False)) for _ in range(3)] == ["ready", "ready", "dead"]
    assert keys(jobs.owing(QUEUE)) == ["errand:1"]


def test_age_is_bounded_too(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(1, max_age=timedelta(days=1)), wish(2, max_age=timedelta(days=1)))
    jobs = book(pool)
    assert finished(jobs, Later("busy"), days=2) == "dead"
    tomorrow = NOW + timedelta(days=2)
    assert jobs.claim(QUEUE, tomorrow) is None
    assert keys(jobs.give_up(QUEUE, tomorrow)) == ["errand:2"]


def test_a_worker_that_died_leaves_a_doubt_that_people_are_told_of_once(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    claimed(book(pool, ALREADY_OVER))
    jobs = book(pool)
    (doubt,) = jobs.expire(QUEUE, NOW)
    assert jobs.expire(QUEUE, NOW) == []
    assert keys(jobs.in_doubt(QUEUE)) == ["errand:1"]
    assert jobs.leave_to_people(doubt)
    assert jobs.in_doubt(QUEUE) == []
    assert jobs.claim(QUEUE, NOW + timedelta(days=1)) is None


def test_a_worker_that_lives_keeps_its_claim(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    claimed(book(pool))
    assert book(pool).expire(QUEUE, NOW) == []


def test_who_lost_the_lease_must_not_call(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    slow = book(pool, ALREADY_OVER)
    job = claimed(slow)
    assert slow.intend(job, {"to": "somebody"})
    book(pool).expire(QUEUE, NOW)
    assert not slow.intend(job, {"to": "somebody"})


def test_an_answer_that_comes_late_settles_the_doubt(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    slow = book(pool, ALREADY_OVER)
    job = claimed(slow)
    book(pool).expire(QUEUE, NOW)
    assert slow.finish(job, Done({"answer": "250 queued"}), NOW) == "sent"


def test_an_answer_that_comes_after_the_doubt_was_settled_changes_nothing_and_is_kept(
    pool: ConnectionPool[Any],
) -> None:
    wished(pool, wish())
    slow, jobs = book(pool, ALREADY_OVER), book(pool)
    job = claimed(slow)
    (doubt,) = jobs.expire(QUEUE, NOW)
    assert jobs.settle(doubt, Later("the receiver bears a repeat"), NOW, NOW) == "ready"
    second = claimed(jobs)
    assert slow.finish(job, Done({"answer": "250 queued"}), NOW) is None
    assert status(pool) == "sending"
    assert jobs.finish(second, Dead("550 no"), NOW) == "dead"
    assert attempts(pool) == [("sent", "250 queued"), ("dead", None)]


def test_an_answer_is_not_lost_when_a_claim_stands_in_its_way(pool: ConnectionPool[Any], database: str) -> None:
    """A claim that was late keeps the job's row, and waits for the destination that the answer holds."""
    wished(pool, wish())
    jobs = book(pool)
    job = claimed(jobs)
    with psycopg.connect(database) as late, ThreadPoolExecutor(1) as worker:
        late.execute("SELECT FROM work.job WHERE id = %s FOR UPDATE", [job.id])
        answer = worker.submit(jobs.finish, job, Done(), NOW)
        with psycopg.connect(database, autocommit=True) as watching:
            wait_until(lambda: watching.execute(WAITING).fetchone() is not None)
        with suppress(psycopg.errors.DeadlockDetected):
            late.execute("UPDATE work.destination SET tokens = tokens")
        late.rollback()
        assert answer.result() == "sent"


WAITING = """
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def test_what_lost_its_cause_may_be_wished_again_and_what_was_refused_may_not(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(1), wish(2))
    jobs = book(pool)
    assert finished(jobs, Unwanted("paid")) == "withdrawn"
    assert finished(jobs, Dead("550 no such mailbox")) == "dead"
    assert [wished(pool, wish(1)), wished(pool, wish(2))] == [1, 0]
    assert claimed(jobs).attempt == 2


def test_the_address_stays_in_the_book_only_until_the_fact_is_recorded(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish())
    jobs = book(pool)
    job = claimed(jobs)
    jobs.intend(job, {"to": "ion@client.example", "date": "2026-12-24"})
    jobs.finish(job, Done({"answer": "250"}), NOW)
    (owing,) = jobs.owing(QUEUE)
    assert owing.outcome == {"to": "ion@client.example", "date": "2026-12-24", "answer": "250"}
    jobs.recorded(owing, 7)
    after = jobs.find("errand:1")
    assert after is not None
    assert after.outcome == {"date": "2026-12-24", "answer": "250"}


def test_the_backlog_of_one_organization_does_not_starve_another(pool: ConnectionPool[Any]) -> None:
    wished(pool, *(wish(n) for n in range(50)))
    wished(pool, *(wish(n, organization_id=ABROAD) for n in range(50, 53)), now=NOW)
    jobs = book(pool)
    first = [claimed(jobs).organization_id for _ in range(6)]
    assert first.count(ABROAD) == 3


# What all workers together ask of a destination


def test_a_destination_is_called_no_faster_than_its_bucket_allows_by_all_workers_together(
    pool: ConnectionPool[Any],
) -> None:
    wished(pool, *(wish(n) for n in range(10)), wish(99, destination="elsewhere"))
    with pool.connection() as connection:
        connection.execute("UPDATE work.destination SET burst = 3, per_second = 0.001 WHERE name = 'world'")
    mine, others = book(pool), book(pool)
    taken = [job for job in (one.claim(QUEUE, NOW) for one in [mine, others] * 6) if job]
    assert sorted(job.destination for job in taken) == ["elsewhere", "world", "world", "world"]


def test_after_failures_in_a_row_a_destination_is_left_alone_and_then_tried_by_one_call(
    pool: ConnectionPool[Any],
) -> None:
    wished(pool, *(wish(n) for n in range(10)))
    mine, others = book(pool), book(pool)
    for _ in range(BREAKS_AFTER):
        finished(mine, Later("no connection"), hours=1)
    assert others.claim(QUEUE, NOW) is None
    probe = claimed(others, minutes=2)
    assert mine.claim(QUEUE, NOW + timedelta(minutes=2)) is None
    others.finish(probe, Done(), NOW)
    assert mine.claim(QUEUE, NOW) is not None


def test_a_probe_that_fails_lengthens_the_pause_and_one_that_did_not_call_gives_its_place_away(
    pool: ConnectionPool[Any],
) -> None:
    wished(pool, *(wish(n) for n in range(10)))
    jobs = book(pool)
    for _ in range(BREAKS_AFTER):
        finished(jobs, Later("no connection"), hours=1)
    probe = claimed(jobs, minutes=2)
    jobs.finish(probe, Unwanted("paid"), NOW + timedelta(minutes=2))
    probe = claimed(jobs, minutes=2)
    jobs.finish(probe, Unknown("the connection was lost"), NOW + timedelta(minutes=2))
    assert jobs.claim(QUEUE, NOW + timedelta(minutes=3)) is None
    claimed(jobs, minutes=5)


def test_a_verdict_of_the_other_side_shows_that_it_is_well(pool: ConnectionPool[Any]) -> None:
    wished(pool, *(wish(n) for n in range(10)))
    jobs = book(pool)
    told: list[Answer] = [Later("no"), Later("no"), Dead("550"), Later("no"), Later("no")]
    for answer in told:
        finished(jobs, answer, hours=1)
    assert jobs.claim(QUEUE, NOW) is not None


def test_a_claim_waits_for_the_disk_even_where_the_role_does_not_ask_for_it(database: str) -> None:
    """A claim that a power cut undoes is a mail that goes out twice."""
    careless = {"autocommit": True, "options": "-c synchronous_commit=off"}
    with ConnectionPool(database, min_size=1, kwargs=careless) as pool:
        wished(pool, wish())
        with psycopg.connect(database) as connection:
            connection.execute(REFUSE_COMMITS_THAT_DO_NOT_WAIT)
        claimed(book(pool))


REFUSE_COMMITS_THAT_DO_NOT_WAIT = """
CREATE FUNCTION work.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'this commit does not wait for the disk';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON work.job DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION work.refuse();
"""


def attempts(pool: ConnectionPool[Any]) -> list[tuple[str, str | None]]:
    statement = "SELECT answer ->> 'status', answer ->> 'answer' FROM work.attempt ORDER BY attempt"
    with pool.connection() as connection:
        return [(row[0], row[1]) for row in connection.execute(statement)]


def test_the_tables_keep_organizations_apart(pool: ConnectionPool[Any]) -> None:
    wished(pool, wish(1), wish(2, organization_id=str(uuid4())))
    with pool.connection() as connection:
        protected = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relrowsecurity"
            " AND oid IN ('work.job'::regclass, 'work.attempt'::regclass, 'work.turn'::regclass)"
        ).fetchone()
    assert protected == (3,)
