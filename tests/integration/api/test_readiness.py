"""Readiness that means it: each thing that a request needs is missing once."""

from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from deploy.migrate import expected_version
from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database
from tests.support.house import House, open_house

CLOSE = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false")
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def checks(house: House, status: int) -> dict[str, Any]:
    answer = house.client.simulate_get("/health/ready")
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json["checks"]
    assert house.client.simulate_get("/health/live").status_code == 200
    return found


def test_everything_is_there(database: str) -> None:
    with open_house(database, schema=expected_version()) as house:
        assert set(checks(house, 200).values()) == {"ok"}


def test_a_database_that_lacks_a_migration_is_named(database: str) -> None:
    with open_house(database, schema=expected_version()) as house:
        with psycopg.connect(database) as connection:
            connection.execute("DELETE FROM izvor.schema_step WHERE number = %s", (expected_version(),))
        assert "run `izvor migrate`" in checks(house, 503)["schema"]


def test_a_database_that_is_gone_is_named(template: EmbeddedPostgres) -> None:
    with fresh_database(template) as database, open_house(database, projecting=False, patience_seconds=1) as house:
        with psycopg.connect(template.url_of("postgres"), autocommit=True) as connection:
            connection.execute(CLOSE.format(sql.Identifier(database_name(database))))
            connection.execute(END, (database_name(database),))
        assert "does not answer" in checks(house, 503)["store"]


@pytest.mark.parametrize("draining", [True, False])
def test_a_process_that_is_about_to_end_says_so(database: str, draining: bool) -> None:
    with open_house(database, is_draining=lambda: draining) as house:
        assert ("draining" in checks(house, 503 if draining else 200)["doors"]) is draining


def database_name(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])
