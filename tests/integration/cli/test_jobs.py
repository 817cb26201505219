"""Jobs at the keyboard: listed, shown, decided; every decision is a fact of the operator."""

import json

import psycopg
import pytest

from invoicing_domain.recording.application import Ledger
from projections.jobs.query import MOST_COUNTED
from tests.integration.cli.conftest import Cli
from tests.support.jobs import NOW, dead_mails, wish
from workers.jobs.enqueue import enqueue


@pytest.fixture
def dead(company: str) -> str:
    """The number of a job that was refused for good."""
    with Ledger(company) as ledger, psycopg.connect(company) as connection:
        (organization,) = ledger.organizations()
        enqueue(connection, [wish(organization_id=organization, queue="mails")], NOW)
        said = '{"reason": "550 no [/mx1]"}'
        connection.execute("UPDATE work.job SET status = 'dead', attempt = 1, outcome = %s", [said])
        row = connection.execute("SELECT id FROM work.job").fetchone()
    assert row is not None
    return str(row[0])


def test_jobs_are_listed_for_people_and_for_programs(cli: Cli, dead: str) -> None:
    shown = cli("jobs", "list", "--status", "dead").stdout
    assert "errand:1" in shown
    assert "550 no [/mx1]" in shown
    (job,) = json.loads(cli("jobs", "list", "--json").stdout)
    assert (str(job["id"]), job["status"]) == (dead, "dead")
    assert json.loads(cli("jobs", "list", "--queue", "reminders", "--json").stdout) == []
    assert json.loads(cli("jobs", "show", dead).stdout)["attempts"] == []


def test_a_decision_is_recorded_with_its_reason(cli: Cli, company: str, dead: str) -> None:
    assert "will be tried again" in cli("jobs", "retry", dead, "--reason", "the mailbox exists again").stdout
    assert "is given up" in cli("jobs", "cancel", dead, "--reason", "he called").stdout
    with Ledger(company) as ledger:
        last = ledger.feed(0, 1_000_000)[-2:]
    assert [(type(one.fact).__name__, one.fact.reason, one.meta.source) for one in last] == [
        ("JobRetried", "the mailbox exists again", "command line"),
        ("JobCancelled", "he called", "command line"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decide", "--went-out", "--reason", "x"), "there is no doubt about this job"),
        (("retry", "--reason", " "), "say why"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(cli: Cli, dead: str, arguments: tuple[str, ...], said: str) -> None:
    answer = cli("jobs", arguments[0], dead, *arguments[1:])
    assert answer.returncode != 0
    assert said in answer.stderr


def test_a_job_that_does_not_exist_is_named(cli: Cli) -> None:
    answer = cli("jobs", "show", "4711")
    assert (answer.returncode != 0, "there is no job 4711" in answer.stderr) == (True, True)


def test_many_are_shown_first_and_decided_about_when_that_is_confirmed(cli: Cli, company: str, dead: str) -> None:
    told = ("jobs", "many", "retry", "--status", "dead", "--error", "550", "--reason", "the server is repaired")
    shown = cli(*told).stdout
    assert "errand:1" in shown
    assert "1 in all: each will be tried again when you add --yes" in shown
    with Ledger(company) as ledger:
        before = len(ledger.feed(0, 1_000_000))
        assert f"{dead} errand:1 will be tried again" in cli(*told, "--yes").stdout
        assert f"{dead} errand:1 will be tried again" in cli(*told, "--yes").stdout
        (fact,) = ledger.feed(before, 10)
    assert (fact.fact.reason, fact.meta.source) == ("the server is repaired", "command line")


def test_a_set_of_any_size_is_counted_so_far_and_no_further(cli: Cli, company: str, organization: str) -> None:
    dead_mails(company, organization, MOST_COUNTED + 1)
    shown = cli("jobs", "many", "cancel", "--status", "dead", "--reason", "out of date").stdout
    assert f"{MOST_COUNTED} or more in all: each is given up when you add --yes" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("went-out", "--status", "dead"), "there is no doubt about this job"),
        (("retry", "--status", "dead", "--since", "yesterday"), "--since is an instant"),
        (("retry", "--status", "dead", "--since", "2026-11-24"), "--since needs a zone"),
        (("retry",), "--status"),
    ],
)
def test_a_filter_that_fits_nothing_is_refused_in_one_line(
    cli: Cli, dead: str, arguments: tuple[str, ...], said: str
) -> None:
    del dead
    answer = cli("jobs", "many", *arguments, "--reason", "x")
    assert (answer.returncode != 0, said in answer.stderr) == (True, True)


def test_an_empty_set_is_nothing_to_do(cli: Cli, dead: str) -> None:
    del dead
    answer = cli("jobs", "many", "cancel", "--status", "ready", "--reason", "x", "--yes")
    assert (answer.returncode, answer.stdout) == (0, "")
