"""Dead letters in the hands of people: each is in the book of jobs once, and goes back as it came when they say so."""

import os
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest
from psycopg import OperationalError

from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.job.commands import Decision, command_of
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.keyring import VARIABLE
from invoicing_domain.service import InvoicingService
from projections.jobs import query
from tests.support.commands import ORGANIZATION, context, register_organization
from tests.support.desk import NOW, Desk, order
from tests.support.jobs import AllThereIs, book
from tests.support.processes import wait_until
from tests.support.reminders import HandClock
from tests.support.stack import izvor
from tests.support.topics import Message, Seen, running, send
from workers.bridge.dead_letters import NOBODY, QUEUE, DeadLetters
from workers.bridge.figures import ConsumerLag
from workers.following.follower import JobFollower
from workers.jobs.job import Job
from workers.jobs.runner import JobRunner
from workers.kafka.cluster import Cluster, TopicName
from workers.kafka.dead_letters import DeadLetter, DeadLetterOffice, Place
from workers.kafka.intake import NotNow

STRANGER = "01940000-0000-8000-8000-000000000009"


def bad(**more: Any) -> Message:
    return Message(**({"type": "invoice.send", "body": b"{no json", "organization_id": ORGANIZATION} | more))


def homeless(number: int = 1) -> Message:
    sent = order(number)
    return Message(type=sent.type, body=sent.body, organization_id=STRANGER, key=sent.key)


def buried(desk: Desk) -> list[Job]:
    with desk.pool.connection() as connection:
        keys = connection.execute("SELECT effect_key FROM work.job WHERE queue = %s ORDER BY id", (QUEUE,)).fetchall()
    jobs = [book(desk.pool).find(key) for (key,) in keys]
    return [job for job in jobs if job is not None]


def die(desk: Desk, *messages: Message) -> list[Job]:
    """Messages that end as dead letters, as the book has them."""
    before = len(buried(desk))
    with running(desk.consumer()):
        send(desk.cluster, messages)
        wait_until(lambda: len(buried(desk)) == before + len(messages))
    return buried(desk)[before:]


def decide(desk: Desk, job: Job, decision: Decision, reason: str = "the shop has its organization now") -> None:
    """What a person says at the keyboard or over HTTP, recorded as a fact."""
    with desk.pool.connection() as connection:
        row = query.find(connection, job.organization_id, job.id)
    assert row is not None
    command = command_of(decision, stream_id("job", row.organization_id, row.id), row.seen, reason)
    InvoicingService(desk.ledger).execute(command, context(row.organization_id))


def carry_out(desk: Desk, database: str, letters: DeadLetters | None = None) -> int:
    """Apply what people decided, and do what there is to do."""
    clock = HandClock(NOW)
    JobFollower(feed=AllThereIs(database, desk.ledger), pool=desk.pool, clock=clock).run_once(Event())
    runner = JobRunner(jobs=book(desk.pool), handlers=[letters or desk.letters], clock=clock)
    return runner.run_once()


def in_topic(desk: Desk, name: TopicName) -> list[Seen]:
    return desk.reader.all(name)


def test_a_dead_letter_is_a_dead_job_of_its_organization_with_the_reason(desk: Desk) -> None:
    [job] = die(desk, bad())
    assert (job.status, job.organization_id, job.queue) == ("dead", ORGANIZATION, "dead-letters")
    assert job.outcome == {"reason": "malformed_json: the value is not JSON"}
    [letter] = in_topic(desk, "dead-letters")
    assert (job.payload["partition"], job.payload["offset"]) == (letter.partition, letter.offset)
    assert job.effect_key.startswith(f"dead-letter:{desk.cluster.topic('commands')}/")


@pytest.mark.parametrize("named", [STRANGER, "no id", ""])
def test_a_letter_that_names_no_organization_is_for_the_operator_alone(desk: Desk, named: str) -> None:
    [job] = die(desk, bad(organization_id=named))
    assert job.organization_id == NOBODY


def test_a_letter_handed_in_again_is_answered_once_its_cause_is_gone(desk: Desk, database: str) -> None:
    message = homeless()
    [job] = die(desk, message)
    InvoicingService(desk.ledger).execute(register_organization(StreamId(STRANGER)), context(STRANGER))
    decide(desk, job, "retry")
    assert carry_out(desk, database) == 1
    first, second = (one for one in in_topic(desk, "commands") if one.key == message.key.encode())
    assert (first.value, first.headers) == (second.value, second.headers)
    with running(desk.consumer()):
        wait_until(lambda: len(desk.results()) == 1)
    assert orjson.loads(desk.results()[0].value)["outcome"] == "accepted"
    [job] = buried(desk)
    assert (job.status, job.outcome and job.outcome["answer"]) == ("sent", "handed in again")


def test_the_decision_is_a_fact_with_who_and_why_and_the_letter_goes_in_once_for_it(desk: Desk, database: str) -> None:
    [job] = die(desk, bad())
    decide(desk, job, "retry")
    decide(desk, job, "retry")  # two people at the same time
    assert carry_out(desk, database) == 1
    last = desk.ledger.feed(0, 1_000)[-1]
    assert (type(last.fact).__name__, last.fact.reason) == ("JobRetried", "the shop has its organization now")
    assert last.meta.actor == context().actor
    with pytest.raises(Refusal) as refused:
        decide(desk, buried(desk)[0], "retry")
    assert refused.value.code == "job_status_unfit"
    assert len(in_topic(desk, "commands")) == 2


def test_a_letter_that_dies_again_is_another_one(desk: Desk, database: str) -> None:
    [job] = die(desk, bad())
    decide(desk, job, "retry")
    carry_out(desk, database)
    with running(desk.consumer()):
        wait_until(lambda: len(buried(desk)) == 2)
    first, second = in_topic(desk, "dead-letters")
    assert {name for name, _ in bad().headers} < set(second.headers)
    assert second.value == first.value
    assert [one.status for one in buried(desk)] == ["sent", "dead"]


def test_handing_in_twice_is_answered_twice_with_the_same_and_done_once(desk: Desk) -> None:
    die(desk, homeless())
    InvoicingService(desk.ledger).execute(register_organization(StreamId(STRANGER)), context(STRANGER))
    office = DeadLetterOffice(desk.cluster)
    letter = office.read(Place(*place_of(buried(desk)[0])))
    assert letter is not None
    with running(desk.consumer()):
        office.send_again(letter)
        office.send_again(letter)
        wait_until(lambda: len(desk.results()) == 2)
    assert len({one.value for one in desk.results()}) == 1
    assert len(desk.invoices()) == 1
    assert desk.outcomes == ["dead", "ok", "duplicate"]


def place_of(job: Job) -> tuple[int, int]:
    return job.payload["partition"], job.payload["offset"]


def test_a_letter_that_the_topic_keeps_no_more_stays_dead_and_says_why(desk: Desk, database: str) -> None:
    [job] = die(desk, bad())
    with desk.pool.connection() as connection:
        connection.execute("UPDATE work.job SET payload = payload || '{\"offset\": 4711}'")
    decide(desk, job, "retry")
    assert carry_out(desk, database) == 0
    [job] = buried(desk)
    assert (job.status, job.outcome) == ("dead", {"reason": "the topic does not keep it any more"})


def test_another_letter_in_its_place_is_not_mistaken_for_it(desk: Desk, database: str) -> None:
    first, second = die(desk, bad(key="a"), bad(key="b"))
    with desk.pool.connection() as connection:
        connection.execute(
            "UPDATE work.job j SET payload = j.payload || jsonb_build_object('partition', o.payload -> 'partition',"
            " 'offset', o.payload -> 'offset') FROM work.job o WHERE o.id = %s AND j.id = %s",
            (second.id, first.id),
        )
    decide(desk, first, "retry")
    assert carry_out(desk, database) == 0
    assert len(in_topic(desk, "commands")) == 2


class Interrupted(DeadLetters):
    """Fails a few times before it writes a letter down."""

    left = 3

    def bury(self, letter: DeadLetter, place: Place) -> None:
        if self.left:
            self.left -= 1
            raise NotNow("the database does not answer")
        super().bury(letter, place)


def test_a_letter_counts_as_read_only_when_it_is_in_the_book(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = Interrupted(pool=desk.pool, ledger=desk.ledger, clock=HandClock(NOW), office=no_office())
    monkeypatch.setattr(Desk, "letters", interrupted)
    [job] = die(desk, bad())
    letters = in_topic(desk, "dead-letters")
    assert len(letters) == 4
    assert (job.payload["partition"], job.payload["offset"]) == (letters[-1].partition, letters[-1].offset)
    assert desk.outcomes == ["retry", "retry", "retry", "dead"]


def no_office() -> DeadLetterOffice:
    return DeadLetterOffice(Cluster(servers="127.0.0.1:1"))


def test_kafka_that_is_away_delays_a_letter_and_kills_no_job(desk: Desk, database: str) -> None:
    [job] = die(desk, bad())
    decide(desk, job, "retry")
    away = DeadLetters(pool=desk.pool, ledger=desk.ledger, clock=HandClock(NOW), office=no_office())
    assert carry_out(desk, database, away) == 0
    assert buried(desk)[0].status == "ready"


def test_a_letter_may_be_given_up(desk: Desk, database: str) -> None:
    [job] = die(desk, bad())
    decide(desk, job, "cancel", "a test message")
    carry_out(desk, database)
    assert [one.status for one in buried(desk)] == ["cancelled"]


def test_the_operator_sees_the_message_as_it_came(desk: Desk, database: str, tmp_path: Path) -> None:
    message = bad(key="SO-7")
    [job] = die(desk, message)
    known = {"IZVOR_DATABASE_URL": database, "IZVOR_KAFKA": desk.cluster.servers, VARIABLE: os.environ[VARIABLE]}
    told = izvor(
        *("dead-letters", "show", str(job.id)), folder=tmp_path, IZVOR_KAFKA_PREFIX=desk.cluster.prefix, **known
    )
    shown = orjson.loads(told.stdout)["message"]
    assert (shown["key"], shown["value"]) == ("SO-7", "{no json")
    assert (shown["headers"]["ce_id"], shown["headers"]["izvor_dead_reason"]) == (message.id, "malformed_json")


def test_the_lag_is_told_for_each_partition_also_when_nobody_reads(desk: Desk) -> None:
    def lags() -> dict[str, float]:
        [figure] = ConsumerLag(desk.cluster, "commands").collect()
        assert {one.labels["group"] for one in figure.samples} <= {desk.cluster.group("commands")}
        return {one.labels["partition"]: one.value for one in figure.samples}

    wait_until(lambda: list(lags().values()) == [0.0] * 12)
    send(desk.cluster, [order(number) for number in range(1, 6)])
    wait_until(lambda: sum(lags().values()) == 5)
    with running(desk.consumer()):
        wait_until(lambda: len(desk.results()) == 5)
        wait_until(lambda: set(lags().values()) == {0.0})


def test_no_lag_is_told_of_a_kafka_that_is_away() -> None:
    [figure] = ConsumerLag(Cluster(servers="127.0.0.1:1"), "commands").collect()
    assert figure.samples == []


def test_an_outage_of_the_database_is_no_fault_of_a_letter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the database does not answer")

    die(desk, bad())
    letter = DeadLetterOffice(desk.cluster).read(Place(*place_of(buried(desk)[0])))
    assert letter is not None
    monkeypatch.setattr(desk.pool, "connection", gone)
    with pytest.raises(NotNow):
        desk.letters.bury(letter, Place(0, 0))
