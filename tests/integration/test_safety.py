from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from deploy.errors import OperatorError
from deploy.postgres.embedded import EmbeddedPostgres
from deploy.roles import EVERY, ONE, acting_as
from deploy.safety import (
    NEEDED_RIGHTS,
    UnsafeStartError,
    connect_or_refuse,
    refuse_all_seeing_role,
    refuse_lossy_postgres,
    refuse_lossy_recorder,
    refuse_old_gunicorn,
    refuse_old_postgres,
    refuse_open_tables,
    refuse_other_schema,
    refuse_short_sighted_role,
    refuse_unsafe_start,
    refuse_weak_role,
)
from invoicing_domain.recording.isolation import isolate


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


@pytest.fixture
def api(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The same connection under the role of the API."""
    connection.execute("SET ROLE izvor_app")
    yield connection
    connection.execute("RESET ROLE")


def test_the_role_of_the_api_may_serve(api: psycopg.Connection, database: str) -> None:
    refuse_all_seeing_role(api)
    refuse_open_tables(api)
    refuse_unsafe_start(acting_as(database, ONE), {}, isolated=True)


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ("ALTER ROLE izvor_app SUPERUSER", "role izvor_app is a superuser"),
        ("ALTER ROLE izvor_app BYPASSRLS", "role izvor_app has BYPASSRLS"),
        ("GRANT izvor_all TO izvor_app", "role izvor_app is a member of izvor_all"),
        ("ALTER TABLE read.invoice_list OWNER TO izvor_app", r"role izvor_app owns read\.invoice_list"),
    ],
)
def test_an_api_that_could_see_other_organizations_is_refused(
    connection: psycopg.Connection, planted: str, complaint: str
) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(planted.encode())
        connection.execute("SET LOCAL ROLE izvor_app")
        with pytest.raises(UnsafeStartError, match=f"^{complaint}.*CREATE ROLE izvor_api LOGIN .* IN ROLE izvor_app"):
            refuse_all_seeing_role(connection)


def test_a_role_that_nobody_made_for_the_api_is_refused(clerk: psycopg.Connection) -> None:
    with pytest.raises(UnsafeStartError, match=r"^role izvor_clerk is no member of izvor_app"):
        refuse_all_seeing_role(clerk)


@pytest.mark.parametrize("planted", ["DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"])
def test_a_table_that_is_open_to_all_is_refused(connection: psycopg.Connection, planted: str) -> None:
    connection.execute(f"ALTER TABLE izvor.events {planted}".encode())
    with pytest.raises(UnsafeStartError, match=r"open to each in (izvor\.)?events: run `izvor migrate`"):
        refuse_open_tables(connection)
    with connection.transaction():
        isolate(connection)
    refuse_open_tables(connection)


def test_projections_and_workers_that_would_see_one_organization_only_are_refused(api: psycopg.Connection) -> None:
    with pytest.raises(UnsafeStartError, match="role izvor_app sees the rows of one organization only"):
        refuse_short_sighted_role(api)


def test_projections_and_workers_start_as_the_role_that_sees_all(database: str) -> None:
    refuse_unsafe_start(acting_as(database, EVERY), {})
