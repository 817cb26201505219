"""What people decide about jobs."""

import pytest

from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job.commands import CancelJob, DecideJob, JobStatus, RetryJob, SeenJob
from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobRetried
from invoicing_domain.model.job.state import DecidedJob, evolve
from tests.support.facts import NOW, ORGANIZATION
from tests.support.sentences import given, on, refused

JOB = stream_id("job", ORGANIZATION, 9)


def seen(status: JobStatus) -> SeenJob:
    return SeenJob(reference=9, effect_key="reminder:17:30", status=status, attempt=3, changed_at=NOW)


@pytest.mark.parametrize("status", ["dead", "cancelled"])
def test_what_ended_without_effect_may_be_tried_again(status: JobStatus) -> None:
    retried = JobRetried(reference=9, effect_key="reminder:17:30", attempt=3, reason="the mailbox exists again")
    given().when(RetryJob(job_id=JOB, seen=seen(status), reason=" the mailbox exists again ")).then(on(JOB, retried))


@pytest.mark.parametrize("status", ["ready", "in_doubt", "dead"])
def test_what_is_not_under_way_may_be_given_up(status: JobStatus) -> None:
    cancelled = JobCancelled(reference=9, effect_key="reminder:17:30", attempt=3, reason="he called")
    given().when(CancelJob(job_id=JOB, seen=seen(status), reason="he called")).then(on(JOB, cancelled))


@pytest.mark.parametrize("went_out", [True, False])
def test_a_doubt_is_decided_either_way(went_out: bool) -> None:
    decided = JobDecided(reference=9, effect_key="reminder:17:30", attempt=3, went_out=went_out, reason="he says so")
    command = DecideJob(job_id=JOB, seen=seen("in_doubt"), went_out=went_out, reason="he says so")
    given().when(command).then(on(JOB, decided))


def test_a_doubt_is_decided_before_anything_is_repeated() -> None:
    given().when(RetryJob(job_id=JOB, seen=seen("in_doubt"), reason="again")).then(refused("job_in_doubt"))


@pytest.mark.parametrize("status", ["sending", "sent", "withdrawn"])
def test_what_is_under_way_or_done_is_left_alone(status: JobStatus) -> None:
    for command in (RetryJob, CancelJob):
        asked = command(job_id=JOB, seen=seen(status), reason="x")
        given().when(asked).then(refused("job_status_unfit", status=status))
    decision = DecideJob(job_id=JOB, seen=seen(status), went_out=True, reason="x")
    given().when(decision).then(refused("job_not_in_doubt"))


def test_every_decision_says_why() -> None:
    for command in (
        RetryJob(job_id=JOB, seen=seen("dead"), reason=" "),
        CancelJob(job_id=JOB, seen=seen("dead"), reason=""),
        DecideJob(job_id=JOB, seen=seen("in_doubt"), went_out=True, reason=""),
    ):
        given().when(command).then(refused("reason_missing"))


def test_a_job_is_known_by_the_last_decision_about_it() -> None:
    cancelled = JobCancelled(reference=9, effect_key="reminder:17:30", attempt=3, reason="he called")
    retried = JobRetried(reference=9, effect_key="reminder:17:30", attempt=4, reason="he called again")
    assert evolve(evolve(None, cancelled), retried) == DecidedJob(reference=9, attempt=4)
