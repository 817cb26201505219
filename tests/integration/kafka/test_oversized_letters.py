"""Bad messages that are too large for the topic of dead letters: they stop nobody, and people are told what is left."""

import os
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from invoicing_domain.recording.keyring import VARIABLE
from tests.integration.kafka.test_dead_letters import bad, buried, carry_out, decide
from tests.support.commands import ORGANIZATION
from tests.support.desk import Desk, order
from tests.support.processes import wait_until
from tests.support.stack import izvor
from tests.support.topics import Message, Seen, running, send
from workers.kafka.cluster import MOST_BYTES, TopicName
from workers.kafka.dead_letters import DeadLetter, abridged

FILLED = b"{no json" + b" " * (MOST_BYTES - 400)
LARGER = FILLED + b" " * 2_000_000


def take_at_most(desk: Desk, name: TopicName, most_bytes: int) -> None:
    """As somebody has set up a topic who made it before we did."""
    limit = ConfigResource(ConfigResourceType.TOPIC, desk.cluster.topic(name), {"max.message.bytes": str(most_bytes)})
    with closing(KafkaAdminClient(**desk.cluster.reach)) as admin:
        admin.alter_configs([limit])


def letter_of(desk: Desk, message: Message, compression: str | None = None) -> Seen:
    """The dead letter of a message, when what came after it was answered."""
    with running(desk.consumer()):
        send(desk.cluster, [message], compression=compression)
        wait_until(lambda: len(buried(desk)) == 1)
        send(desk.cluster, [order(1)])
        wait_until(lambda: len(desk.results()) == 1)
    [letter] = desk.reader.all("dead-letters")
    return letter


def test_the_largest_message_that_its_topic_takes_is_a_whole_letter(desk: Desk) -> None:
    assert letter_of(desk, bad(body=FILLED)).value == FILLED


def test_a_message_that_is_larger_unpacked_is_a_letter_without_its_value(desk: Desk) -> None:
    message = bad(body=LARGER)
    letter = letter_of(desk, message, "gzip")
    assert (letter.key, letter.value) == (message.key.encode(), b"")
    assert {name: letter.headers[name] for name, _ in message.headers} == dict(message.headers)
    assert letter.headers["izvor_dead_reason"] == b"malformed_json"
    assert letter.headers["izvor_dead_value"] == b"dropped: larger than this topic takes"
    assert [job.organization_id for job in buried(desk)] == [ORGANIZATION]


def test_a_topic_that_takes_less_than_ours_gets_the_letter_without_its_value(desk: Desk) -> None:
    take_at_most(desk, "dead-letters", 10_000)
    letter = letter_of(desk, bad(body=b"{no json" + b" " * 20_000))
    assert letter.headers["izvor_dead_value"] == b"dropped: larger than this topic takes"
    assert desk.outcomes == ["dead", "ok"]


def test_a_letter_without_its_value_is_not_handed_in_again_and_says_why(
    desk: Desk, database: str, tmp_path: Path
) -> None:
    letter_of(desk, bad(body=LARGER), "gzip")
    [job] = buried(desk)
    decide(desk, job, "retry")
    assert carry_out(desk, database) == 0
    [job] = buried(desk)
    why = f"its value was too large to be kept: send it anew, it came from {job.payload['origin']}"
    assert (job.status, job.outcome) == ("dead", {"reason": why})
    known = {"IZVOR_DATABASE_URL": database, "IZVOR_KAFKA": desk.cluster.servers, VARIABLE: os.environ[VARIABLE]}
    told = izvor(
        *("dead-letters", "show", str(job.id)), folder=tmp_path, IZVOR_KAFKA_PREFIX=desk.cluster.prefix, **known
    )
    shown = orjson.loads(told.stdout)["message"]
    assert (shown["value"], shown["headers"]["izvor_dead_value"]) == (None, "dropped: larger than this topic takes")


def test_a_letter_that_the_topic_of_commands_takes_no_more_stays_dead_and_says_why(desk: Desk, database: str) -> None:
    letter_of(desk, bad(body=b"{no json" + b" " * 20_000))
    take_at_most(desk, "commands", 10_000)
    [job] = buried(desk)
    decide(desk, job, "retry")
    carry_out(desk, database)
    [job] = buried(desk)
    assert (job.status, job.outcome) == ("dead", {"reason": "it is larger than the topic of commands takes"})


@pytest.mark.parametrize(
    "letter",
    [
        DeadLetter(b"k" * MOST_BYTES, b"", []),
        DeadLetter(b"k", b"v", [("name", b"x" * MOST_BYTES)]),
        DeadLetter(b"k", b"v", [(f"name{number}", b"x" * 100) for number in range(100_000)]),
    ],
)
def test_what_is_left_is_small_whatever_made_a_letter_large(letter: DeadLetter) -> None:
    left = abridged(letter)
    assert len(left.key or b"") + sum(len(name) + len(value) for name, value in left.headers) < 64_000
