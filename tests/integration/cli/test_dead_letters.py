"""Dead letters at the keyboard: those of all organizations and of none, listed, shown, handed in again, dismissed."""

import json
from typing import Any

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from tests.integration.cli.conftest import Cli
from tests.support.jobs import NOW, letter
from workers.bridge.dead_letters import NOBODY
from workers.jobs.enqueue import bury

UNKNOWN = "unknown_organization: izvor_organization names no organization"
MALFORMED = "malformed_json: the value is not JSON"


@pytest.fixture
def numbers(company: str, organization: str) -> tuple[str, str]:
    """The number of the company's letter, and of one that names nobody."""
    with psycopg.connect(company) as connection:
        bury(connection, letter(organization, 1), MALFORMED, NOW)
        bury(connection, letter(NOBODY, 2), UNKNOWN, NOW)
        rows = connection.execute("SELECT id FROM work.job ORDER BY id").fetchall()
    first, second = (str(number) for (number,) in rows)
    return first, second


def listed(cli: Cli, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(cli("dead-letters", "list", "--json", *options).stdout)
    return rows


def test_letters_are_listed_newest_first_whosever_they_are(
    cli: Cli, organization: str, numbers: tuple[str, str]
) -> None:
    shown = cli("dead-letters", "list").stdout
    assert ("izvor.commands/3/1" in shown, "malformed" in shown) == (True, True)
    assert [(str(one["id"]), one["organization_id"], one["reason"]) for one in listed(cli)] == [
        (numbers[1], NOBODY, UNKNOWN),
        (numbers[0], organization, MALFORMED),
    ]
    assert [str(one["id"]) for one in listed(cli, "--before", numbers[1])] == [numbers[0]]
    assert listed(cli, "--status", "sent") == []
    jobs = json.loads(cli("jobs", "list", "--queue", "dead-letters", "--json").stdout)
    assert [str(one["id"]) for one in jobs] == [numbers[0]]


def test_a_letter_is_shown_with_where_it_lies_and_without_kafka_without_its_message(
    cli: Cli, numbers: tuple[str, str]
) -> None:
    shown = json.loads(cli("dead-letters", "show", numbers[1]).stdout)
    assert (shown["partition"], shown["offset"], shown["message"]) == (1, 2, None)
    away = cli("dead-letters", "show", numbers[1], IZVOR_KAFKA="127.0.0.1:1")
    assert away.returncode == 1
    assert "Kafka cannot show the message" in away.stderr


def test_a_decision_about_anybody_s_letter_is_recorded_and_everything_stays_in_order(
    cli: Cli, company: str, numbers: tuple[str, str]
) -> None:
    for number in numbers:
        assert "handed in again" in cli("dead-letters", "replay", number, "--reason", "the shop is repaired").stdout
    with Ledger(company) as ledger:
        last = ledger.feed(0, 1_000_000)[-2:]
    assert [(type(one.fact).__name__, one.fact.reason, one.meta.source) for one in last] == [
        ("JobRetried", "the shop is repaired", "command line"),
        ("JobRetried", "the shop is repaired", "command line"),
    ]
    assert last[1].meta.organization_id == NOBODY
    assert cli("rebuild").returncode == 0
    assert cli("check").returncode == 0


def test_a_dismissed_letter_is_recorded_with_the_reason(cli: Cli, company: str, numbers: tuple[str, str]) -> None:
    assert "is dismissed" in cli("dead-letters", "dismiss", numbers[0], "--reason", "a test of the shop").stdout
    with Ledger(company) as ledger:
        last = ledger.feed(0, 1_000_000)[-1]
    assert (type(last.fact).__name__, last.fact.reason) == ("JobCancelled", "a test of the shop")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("replay", "4711", "--reason", "x"), "there is no dead letter 4711"),
        (("show", "4711"), "there is no dead letter 4711"),
        (("dismiss", "{number}", "--reason", " "), "say why"),
        (("replay", "{number}"), "--reason"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(
    cli: Cli, numbers: tuple[str, str], arguments: tuple[str, ...], said: str
) -> None:
    answer = cli("dead-letters", *(one.format(number=numbers[0]) for one in arguments))
    assert answer.returncode != 0
    assert said in answer.stderr


def test_a_job_of_another_queue_is_no_letter(cli: Cli, company: str, numbers: tuple[str, str]) -> None:
    with psycopg.connect(company) as connection:
        connection.execute("UPDATE work.job SET queue = 'mails' WHERE id = %s", [int(numbers[0])])
    assert "there is no dead letter" in cli("dead-letters", "show", numbers[0]).stderr
