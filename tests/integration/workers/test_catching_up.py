"""Who is far behind the facts, as after a long absence, is alive and not ready."""

import psycopg

from projections.readiness import MOST_BEHIND, projections
from tests.support.commands import ORGANIZATION
from workers.following.feed import catching_up, move

FACT = """
INSERT INTO izvor.events (originator_id, originator_version, topic, state, notification_id, organization_id)
VALUES (gen_random_uuid(), 1, 'order.invoiced/1', '{}', %s, %s)
"""


def test_a_follower_is_ready_when_it_has_caught_up(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert catching_up(connection) is None
        connection.execute(FACT, (MOST_BEHIND + 2, ORGANIZATION))
        move(connection, name="jobs", origin="store", after=0, to=1)
        assert catching_up(connection) == f"jobs is {MOST_BEHIND + 1} facts behind"
        move(connection, name="jobs", origin="store", after=1, to=2)
        assert catching_up(connection) is None


def test_read_models_are_ready_when_they_have_caught_up(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert projections(connection) is None
        connection.execute(FACT, (MOST_BEHIND + 1, ORGANIZATION))
        assert projections(connection) == f"{MOST_BEHIND + 1} facts behind"
        connection.execute("UPDATE read.position SET position = 1")
        assert projections(connection) is None
