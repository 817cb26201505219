"""The book of effects: who may do what, once, and what is left when somebody dies."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from tests.support.reminders import HOME, work_pool
from workers.effects import Claim, Effects, Wish

NOW = datetime(2026, 12, 24, 8, tzinfo=UTC)
ALREADY_OVER = timedelta(seconds=0)


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool[Any]]:
    with work_pool(database) as opened:
        yield opened


def book(pool: ConnectionPool[Any], lease: timedelta = timedelta(minutes=15)) -> Effects:
    """The book as one worker of many sees it."""
    return Effects(pool, worker_id=str(uuid4()), lease=lease)


def wish(step: int = 7, *, invoice: str = "1", max_attempts: int = 3) -> Wish:
    return Wish(
        effect_key=f"reminder:{invoice}:{step}",
        organization_id=HOME,
        queue="reminders",
        lock_key=f"invoice:{invoice}",
        payload={"invoice_id": invoice, "step": step},
        max_attempts=max_attempts,
    )


def claimed(effects: Effects, what: Wish, now: datetime = NOW) -> Claim:
    claim = effects.claim(what, now)
    assert claim is not None
    return claim


def status(effects: Effects, what: Wish) -> str | None:
    effect = effects.find(what.effect_key)
    return None if effect is None else effect.status


def test_an_effect_is_claimed_by_one_worker_only(pool: ConnectionPool[Any]) -> None:
    claimed(book(pool), wish())
    assert book(pool).claim(wish(), NOW) is None


def test_of_many_workers_that_claim_at_once_one_wins(database: str) -> None:
    with ConnectionPool(database, min_size=8, max_size=8, kwargs={"autocommit": True}) as pool:
        start, won = threading.Barrier(8), []

        def compete(step: int) -> None:
            effects = book(pool)
            start.wait()
            if effects.claim(wish(step), NOW) is not None:
                won.append(step)

        threads = [threading.Thread(target=compete, args=[step]) for step in [7, 7, 7, 7, 14, 14, 30, 30]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(won) == 1


def test_while_one_step_is_under_way_no_other_of_the_same_invoice_begins(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    claim = claimed(effects, wish(7))
    assert effects.claim(wish(14), NOW) is None
    claimed(effects, wish(14, invoice="2"))
    effects.sent(claim, {})
    assert effects.claim(wish(14), NOW) is None
    effects.recorded(claim.effect_key, 42)
    claimed(effects, wish(14))


def test_what_was_sent_is_never_claimed_again(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    assert effects.sent(claimed(effects, wish()), {"answer": "250 queued"})
    assert effects.claim(wish(), NOW + timedelta(days=1000)) is None


def test_a_retry_has_to_wait_for_its_time(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    assert effects.later(claimed(effects, wish()), NOW + timedelta(minutes=5), "421 busy") == "ready"
    assert effects.claim(wish(), NOW + timedelta(minutes=4)) is None
    assert effects.waiting("reminders", NOW + timedelta(minutes=4)) == []
    assert claimed(effects, wish(), NOW + timedelta(minutes=5)).attempt == 2


def test_attempts_are_bounded(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    ends = [effects.later(claimed(effects, wish()), NOW, "421 busy") for _ in range(3)]
    assert ends == ["ready", "ready", "dead"]
    assert effects.claim(wish(), NOW + timedelta(days=1)) is None


def test_a_worker_that_died_leaves_a_doubt_that_is_told_once(pool: ConnectionPool[Any]) -> None:
    claimed(book(pool, ALREADY_OVER), wish())
    effects = book(pool)
    assert [one.effect_key for one in effects.expire("reminders")] == ["reminder:1:7"]
    assert effects.expire("reminders") == []
    assert effects.claim(wish(), NOW + timedelta(days=1000)) is None


def test_a_worker_that_lives_keeps_its_claim(pool: ConnectionPool[Any]) -> None:
    claimed(book(pool), wish())
    assert book(pool).expire("reminders") == []


def test_an_answer_that_comes_late_settles_the_doubt(pool: ConnectionPool[Any]) -> None:
    slow = book(pool, ALREADY_OVER)
    claim = claimed(slow, wish())
    book(pool).expire("reminders")
    assert slow.sent(claim, {"answer": "250 queued"})
    assert status(slow, wish()) == "sent"


def test_nobody_finishes_the_attempt_of_another(pool: ConnectionPool[Any]) -> None:
    mine, others = book(pool), book(pool)
    first = claimed(mine, wish())
    assert not others.sent(first, {})
    mine.later(first, NOW, "421 busy")
    second = claimed(others, wish())
    assert not mine.dead(first, "too late")
    assert others.sent(second, {})


def test_what_is_withdrawn_leaves_no_trace_and_may_be_wished_again(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    effects.withdraw(claimed(effects, wish()))
    assert status(effects, wish()) is None
    claimed(effects, wish())


def test_only_a_waiting_effect_can_be_forgotten(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    claim = claimed(effects, wish())
    effects.forget(claim.effect_key)
    assert status(effects, wish()) == "sending"
    effects.later(claim, NOW, "421 busy")
    effects.forget(claim.effect_key)
    assert status(effects, wish()) is None


def test_people_see_what_is_in_doubt_or_dead_in_their_own_organization(pool: ConnectionPool[Any]) -> None:
    effects = book(pool)
    effects.doubt(claimed(effects, wish(invoice="1")), "the connection was lost")
    effects.dead(claimed(effects, wish(invoice="2")), "550 no such mailbox")
    effects.sent(claimed(effects, wish(invoice="3")), {})
    assert [(one.payload["invoice_id"], one.status, one.outcome) for one in effects.for_people(HOME)] == [
        ("1", "in_doubt", {"reason": "the connection was lost"}),
        ("2", "dead", {"reason": "550 no such mailbox"}),
    ]
    assert effects.for_people(str(uuid4())) == []


def test_a_claim_waits_for_the_disk_even_where_the_role_does_not_ask_for_it(database: str) -> None:
    """A claim that a power cut undoes is a mail that goes out twice."""
    with psycopg.connect(database) as connection:
        connection.execute(REFUSE_COMMITS_THAT_DO_NOT_WAIT)
    careless = {"autocommit": True, "options": "-c synchronous_commit=off"}
    with ConnectionPool(database, min_size=1, kwargs=careless) as pool:
        claimed(book(pool), wish())


REFUSE_COMMITS_THAT_DO_NOT_WAIT = """
CREATE FUNCTION work.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'this commit does not wait for the disk';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON work.effect DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION work.refuse();
"""
