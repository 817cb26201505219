"""A bulk run notes each result once, in the order of its items."""

import pytest

from invoicing_domain.model.bulk_run.commands import AdvanceBulkRun, StartBulkRun
from invoicing_domain.model.bulk_run.decide import start
from invoicing_domain.model.bulk_run.events import BulkRunAdvanced, BulkRunStarted, Result, Work
from invoicing_domain.model.bulk_run.state import BulkRun, evolve
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import ORGANIZATION
from tests.support.sentences import given, on, refused

RUN = stream_id("bulk_run", ORGANIZATION, 1)
SEND = Work(action="send")
START = StartBulkRun(run_id=RUN, reference=1, work=SEND, items=("1", "2", "3"))
STARTED = BulkRunStarted(reference=1, work=SEND, items=("1", "2", "3"))
FIRST = (Result(item="1", number="IZV000001"), Result(item="2", code="not_found", detail="there is no such invoice"))
LAST = (Result(item="3", number="IZV000002"),)


def test_a_run_starts_once() -> None:
    given().when(START).then(on(RUN, STARTED))
    with pytest.raises(Refusal) as caught:
        start(evolve(None, STARTED), START)
    assert caught.value.code == "bulk_run_exists"


def test_results_follow_each_other_until_none_is_left() -> None:
    first = BulkRunAdvanced(results=FIRST, left=1)
    given(on(RUN, STARTED)).when(AdvanceBulkRun(run_id=RUN, done=0, results=FIRST)).then(on(RUN, first))
    given(on(RUN, STARTED, first)).when(AdvanceBulkRun(run_id=RUN, done=2, results=LAST)).then(
        on(RUN, BulkRunAdvanced(results=LAST, left=0))
    )


def test_results_that_somebody_else_has_taken_down_are_not_taken_down_again() -> None:
    first = BulkRunAdvanced(results=FIRST, left=1)
    given(on(RUN, STARTED, first)).when(AdvanceBulkRun(run_id=RUN, done=0, results=FIRST)).then()
    given(on(RUN, STARTED)).when(AdvanceBulkRun(run_id=RUN, done=0, results=())).then()


def test_a_run_that_is_not_there_does_not_go_on() -> None:
    given().when(AdvanceBulkRun(run_id=RUN, done=0, results=FIRST)).then(refused("not_found"))


def test_a_run_knows_what_was_asked_and_what_is_left_of_it() -> None:
    run = evolve(evolve(None, STARTED), BulkRunAdvanced(results=FIRST, left=1))
    assert run == BulkRun(reference=1, work=SEND, items=("1", "2", "3"), results=FIRST)
    assert (run.left, run.status) == (("3",), "running")
    done = evolve(run, BulkRunAdvanced(results=LAST, left=0))
    assert (done.left, done.results, done.status) == ((), FIRST + LAST, "finished")
