"""Who is far behind the facts, as after a long absence, is alive and not ready."""

from threading import Event, Thread

import psycopg
import pytest

from deploy.cli.parts import checks_of
from deploy.pulse import Pulse
from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.readiness import MOST_BEHIND, projections
from tests.support.commands import ORGANIZATION
from tests.support.processes import wait_until
from workers.bridge.consumer import CommandConsumer
from workers.figures import WorkFigures
from workers.following.feed import catching_up, move
from workers.kafka.intake import BugSuspected

FACT = """
INSERT INTO izvor.events (originator_id, originator_version, topic, state, notification_id, organization_id)
VALUES (gen_random_uuid(), 1, 'order.invoiced/1', '{}', %s, %s)
"""


def test_a_follower_is_ready_when_it_has_caught_up(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert catching_up(connection, ["jobs"]) is None
        connection.execute(FACT, (MOST_BEHIND + 2, ORGANIZATION))
        move(connection, name="jobs", origin="store", after=0, to=1)
        assert catching_up(connection, ["jobs"]) == f"jobs is {MOST_BEHIND + 1} facts behind"
        move(connection, name="jobs", origin="store", after=1, to=2)
        assert catching_up(connection, ["jobs"]) is None


def test_a_process_answers_for_the_followers_it_runs_alone_and_also_for_those_that_have_taken_nothing_yet(
    database: str,
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(FACT, (MOST_BEHIND + 2, ORGANIZATION))
        move(connection, name="jobs", origin="store", after=0, to=1)
        move(connection, name="documents", origin="izvor.events/3 of 12", after=0, to=MOST_BEHIND + 2)
        assert catching_up(connection, []) is None
        assert catching_up(connection, ["documents"]) == f"documents is {MOST_BEHIND + 2} facts behind"
        told = f"documents is {MOST_BEHIND + 2} facts behind, jobs is {MOST_BEHIND + 1} facts behind"
        assert catching_up(connection, ["jobs", "documents"]) == told


@pytest.mark.parametrize(
    ("workers", "told"),
    [
        (["reminders", "webhooks"], None),
        (["follower"], f"jobs is {MOST_BEHIND + 1} facts behind"),
        (["relay", "documents"], f"documents is {MOST_BEHIND + 1} facts behind"),
    ],
)
def test_workers_are_asked_about_what_they_follow(database: str, workers: list[str], told: str | None) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(FACT, (MOST_BEHIND + 1, ORGANIZATION))
        checks = checks_of(workers, WorkFigures())
        assert {name: check(connection) for name, check in checks.items()} == {"followers": told}


@pytest.mark.parametrize(
    ("met", "why"),
    [
        (
            BugSuspected("20 bad messages in a row: see the dead letters"),
            "20 bad messages in a row: see the dead letters",
        ),
        (KeyError("Ion Popescu"), "KeyError, see the log"),
    ],
)
def test_a_consumer_that_has_stopped_reading_is_alive_and_not_ready(database: str, met: Exception, why: str) -> None:
    def read(*_: object) -> None:
        raise met

    figures, pulse = WorkFigures(), Pulse(Event())
    checks = checks_of([CommandConsumer.name], figures)
    with Ledger(database) as ledger, psycopg.connect(database) as connection:
        consumer = CommandConsumer(
            ledger=ledger, service=InvoicingService(ledger), clock=SystemClock(), read=read, halted=figures.halt
        )
        assert checks["commands"](connection) is None
        thread = Thread(target=consumer.run, args=(pulse,))
        thread.start()
        wait_until(lambda: checks["commands"](connection) is not None)
        assert (checks["commands"](connection), pulse.trouble) == (f"halted: {why}", None)
        pulse.set()
        thread.join()


def test_read_models_are_ready_when_they_have_caught_up(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert projections(connection) is None
        connection.execute(FACT, (MOST_BEHIND + 1, ORGANIZATION))
        assert projections(connection) == f"{MOST_BEHIND + 1} facts behind"
        connection.execute("UPDATE read.position SET position = 1")
        assert projections(connection) is None
