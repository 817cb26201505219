"""Who is far behind the facts, as after a long absence, is alive and not ready."""

import psycopg
import pytest

from deploy.cli.parts import checks_of
from projections.readiness import MOST_BEHIND, projections
from tests.support.commands import ORGANIZATION
from workers.following.feed import catching_up, move

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
        checks = checks_of(workers)
        assert {name: check(connection) for name, check in checks.items()} == {"followers": told}


def test_read_models_are_ready_when_they_have_caught_up(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert projections(connection) is None
        connection.execute(FACT, (MOST_BEHIND + 1, ORGANIZATION))
        assert projections(connection) == f"{MOST_BEHIND + 1} facts behind"
        connection.execute("UPDATE read.position SET position = 1")
        assert projections(connection) is None
