from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import EmbeddedPostgres
from deploy.errors import OperatorError
from deploy.safety import (
    NEEDED_RIGHTS,
    UnsafeStartError,
    connect_or_refuse,
    refuse_lossy_postgres,
    refuse_lossy_recorder,
    refuse_old_gunicorn,
    refuse_old_postgres,
    refuse_other_schema,
    refuse_unsafe_start,
    refuse_weak_role,
)


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as opened:
        yield opened


def test_a_safe_start_is_allowed(database: str) -> None:
    refuse_unsafe_start(database, {"POSTGRES_ENABLE_DB_FUNCTIONS": "n"})


@pytest.mark.parametrize("value", ["y", "1", "true", "anything"])
def test_a_recorder_that_loses_events_is_refused(value: str) -> None:
    with pytest.raises(UnsafeStartError, match=r"^POSTGRES_ENABLE_DB_FUNCTIONS is set: .* remove it"):
        refuse_lossy_recorder({"POSTGRES_ENABLE_DB_FUNCTIONS": value})


@pytest.mark.parametrize("value", ["", "n", "0", "False"])
def test_a_recorder_that_loses_no_events_is_allowed(value: str) -> None:
    refuse_lossy_recorder({"POSTGRES_ENABLE_DB_FUNCTIONS": value})


@pytest.mark.parametrize("installed", ["22.9.0", "9", "unknown"])
def test_an_old_gunicorn_is_refused(installed: str) -> None:
    with pytest.raises(UnsafeStartError, match=r"install gunicorn >= 23"):
        refuse_old_gunicorn(installed)


@pytest.fixture
def planted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    settings: Mapping[str, str] = request.param
    with EmbeddedPostgres(tmp_path / "data", settings=settings) as server:
        yield server.url


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ({"fsync": "off"}, r"^PostgreSQL runs with fsync=off, .*: set fsync = on"),
        ({"full_page_writes": "off"}, r"^PostgreSQL runs with full_page_writes=off, .*: set full_page_writes = on"),
        ({"synchronous_commit": "off"}, r"^synchronous_commit=off for role izvor .*: set it to on or remote_apply"),
    ],
    indirect=["planted"],
)
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(planted: str, complaint: str) -> None:
    with pytest.raises(UnsafeStartError, match=complaint) as refused:
        refuse_unsafe_start(planted, {})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", ["off", "local", "remote_write"])
def test_commits_made_weaker_for_one_role_only_are_seen(
    connection: psycopg.Connection, database: str, value: str
) -> None:
    connection.execute(
        sql.SQL("ALTER DATABASE {} SET synchronous_commit = {}").format(
            sql.Identifier(connection.info.dbname), sql.Literal(value)
        )
    )
    with connect_or_refuse(database) as weaker, pytest.raises(UnsafeStartError, match=f"={value} for role izvor"):
        refuse_lossy_postgres(weaker)


def test_commits_that_wait_for_the_standby_are_allowed(connection: psycopg.Connection) -> None:
    connection.execute("SET synchronous_commit = remote_apply")
    refuse_lossy_postgres(connection)


def test_an_old_server_is_refused(connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.safety.OLDEST_POSTGRES", 99)
    with pytest.raises(UnsafeStartError, match=r"^PostgreSQL 18.* is too old: Izvor needs PostgreSQL >= 99"):
        refuse_old_postgres(connection)


def test_a_database_without_schema_is_refused(empty_database: str) -> None:
    with pytest.raises(UnsafeStartError, match="the database is empty: run `izvor migrate`"):
        refuse_unsafe_start(empty_database, {})


def test_a_schema_of_another_version_is_refused(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO izvor.schema_step VALUES (700, 'later', '')")
    with pytest.raises(UnsafeStartError, match="has schema version 700, this version of Izvor needs 800: run `izvor"):
        refuse_other_schema(connection, 800)
    with pytest.raises(UnsafeStartError, match="has schema version 700, this version of Izvor knows 3: update Izvor"):
        refuse_other_schema(connection, 3)


def test_a_server_that_is_not_there_is_told_in_one_line_without_the_password() -> None:
    with pytest.raises(OperatorError, match=r"cannot be reached: .* check IZVOR_DATABASE_URL") as refused:
        connect_or_refuse("postgresql://izvor:hunter2@127.0.0.1:1/izvor")
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.fixture
def clerk(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The same connection under a role that owns nothing and may do nothing."""
    connection.execute("CREATE ROLE izvor_clerk")
    connection.execute("SET ROLE izvor_clerk")
    yield connection
    connection.execute("RESET ROLE")
    connection.execute("DROP OWNED BY izvor_clerk; DROP ROLE izvor_clerk")


def grant(clerk: psycopg.Connection, text: str) -> None:
    clerk.execute(f"RESET ROLE; {text}; SET ROLE izvor_clerk".encode())


def test_a_role_that_may_not_record_is_refused_with_the_grant_that_helps(clerk: psycopg.Connection) -> None:
    for schema, table, right in NEEDED_RIGHTS:
        with pytest.raises(UnsafeStartError, match=f"^role izvor_clerk may not {right} in {schema}.{table}") as refused:
            refuse_weak_role(clerk)
        grant(clerk, str(refused.value).partition("as owner: ")[2])
    refuse_weak_role(clerk)


def test_a_missing_table_is_refused(connection: psycopg.Connection) -> None:
    connection.execute("DROP TABLE izvor.events CASCADE")
    with pytest.raises(UnsafeStartError, match=r"table izvor.events is missing: run `izvor migrate`"):
        refuse_weak_role(connection)
