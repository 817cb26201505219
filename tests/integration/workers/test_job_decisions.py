"""What people decide about jobs reaches the table, unless the job went on meanwhile."""

from threading import Event

import pytest

from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.job.commands import CancelJob, DecideJob, RetryJob, SeenJob
from tests.integration.workers.conftest import World
from tests.integration.workers.test_mails import Doubtful, ask, mails, post
from tests.support.jobs import AllThereIs
from workers.following.follower import JobFollower


def seen(world: World, effect_key: str) -> SeenJob:
    job = world.job(effect_key)
    return SeenJob(
        reference=job.id,
        effect_key=job.effect_key,
        status=job.status,
        attempt=job.attempt,
        changed_at=world.clock.now(),
    )


def decide(world: World, command: object) -> None:
    world.service.execute(command, world.company.context())
    feed = AllThereIs(world.database, world.ledger)
    JobFollower(feed=feed, pool=world.pool, clock=world.clock).run_once(Event())


@pytest.fixture
def doubt(world: World) -> str:
    """A reminder of which nobody knows whether it went out."""
    invoice = world.company.invoice()
    world.clock.forward(days=7)
    world.worker(Doubtful(world.smtp_url)).run_once()
    key = f"reminder:{invoice}:7"
    assert world.job(key).status == "in_doubt"
    return key


@pytest.mark.parametrize(("went_out", "delivered"), [(True, 1), (False, 2)])
def test_a_person_decides_a_doubt_and_the_fact_follows(
    world: World, doubt: str, went_out: bool, delivered: int
) -> None:
    stream = stream_id("job", world.company.id, world.job(doubt).id)
    decide(world, DecideJob(job_id=stream, seen=seen(world, doubt), went_out=went_out, reason="he says so"))
    world.worker().run_once()
    assert world.company.steps(doubt.split(":")[1]) == [7]
    assert len(world.room.delivered) == delivered
    assert world.ledger.history(stream)[-1].meta.actor.name == "Ana"


def test_what_is_given_up_stays_at_home(world: World, doubt: str) -> None:
    stream = stream_id("job", world.company.id, world.job(doubt).id)
    decide(world, CancelJob(job_id=stream, seen=seen(world, doubt), reason="he called"))
    world.live(world.worker(), days=3)
    assert (world.job(doubt).status, world.company.steps(doubt.split(":")[1])) == ("cancelled", [])


def test_a_refused_mail_is_tried_again_under_its_key(world: World) -> None:
    world.room.verdict = "550 5.1.1 no such mailbox"
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    world.room.verdict = "250 ok"
    key = f"mail:invoice:{invoice}:sent"
    stream = stream_id("job", world.company.id, world.job(key).id)
    decide(world, RetryJob(job_id=stream, seen=seen(world, key), reason="the mailbox exists again"))
    assert post(world).run() == 1
    assert world.job(key).attempt == 2
    assert (len(mails(world, invoice).failed), len(mails(world, invoice).sent)) == (1, 1)


def test_a_cancelled_request_may_be_made_again(quiet_world: World) -> None:
    world = quiet_world
    invoice = world.company.invoice()
    ask(world, invoice)
    post(world).run()
    key = f"mail:invoice:{invoice}:request:1"
    stream = stream_id("job", world.company.id, world.job(key).id)
    decide(world, CancelJob(job_id=stream, seen=seen(world, key), reason="wrong customer"))
    post(world).run()
    assert [one.reason for one in mails(world, invoice).failed] == ["cancelled: wrong customer"]
    ask(world, invoice)


def test_a_job_that_went_on_meanwhile_is_left_alone(world: World) -> None:
    world.room.verdict = "550 5.1.1 no such mailbox"
    invoice = world.company.invoice(deliver="email")
    post(world).run()
    key = f"mail:invoice:{invoice}:sent"
    stream, before = stream_id("job", world.company.id, world.job(key).id), seen(world, key)
    decide(world, RetryJob(job_id=stream, seen=before, reason="again"))
    world.room.verdict = "250 ok"
    post(world).run()
    decide(world, CancelJob(job_id=stream, seen=before, reason="too late"))
    assert world.job(key).status == "sent"
