"""Statements spoken to libpq itself behave like those of the driver, also when something is wrong."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.recording.direct import (
    BIGINT,
    BYTEA,
    BYTEAS,
    TEXT,
    UUIDS,
    Statement,
    bytea_array,
    integer,
    literal,
)
from tests.support.processes import is_alive, wait_until


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def test_values_travel_as_they_are(connection: psycopg.Connection) -> None:
    echo = Statement("SELECT $1, $2, $3, $4", BIGINT, TEXT, BYTEA, BYTEA)
    found = echo(connection, (b"-7", "ȘȚ 'x'".encode(), b"\x00\xff", None))
    assert integer(found.get_value(0, 0)) == -7
    assert [found.get_value(0, column) for column in (1, 2, 3)] == ["ȘȚ 'x'".encode(), b"\x00\xff", None]


@pytest.mark.parametrize("items", [[], [b""], [b"one"], [b"a,b", b'"{}\\', b"\x00\x01", b"x" * 100_000]])
def test_arrays_of_bytes_keep_every_byte(connection: psycopg.Connection, items: list[bytes]) -> None:
    unnest = Statement("SELECT item FROM unnest($1) WITH ORDINALITY AS u (item, n) ORDER BY n", BYTEAS)
    found = unnest(connection, (bytea_array(items),))
    assert [found.get_value(row, 0) for row in range(found.ntuples)] == items


def test_arrays_of_ids_keep_their_order(connection: psycopg.Connection) -> None:
    ids = [f"01940000-0000-8000-8000-{number:012x}" for number in (3, 1, 2)]
    found = Statement("SELECT array_to_string($1, ' ')", UUIDS)(connection, (literal(ids),))
    assert found.get_value(0, 0) == " ".join(ids).encode()


def test_errors_are_the_driver_s_own_and_leave_the_connection_usable(connection: psycopg.Connection) -> None:
    divide = Statement("SELECT 1 / $1", BIGINT)
    with pytest.raises(psycopg.errors.DivisionByZero) as failed:
        divide(connection, (b"0",))
    assert failed.value.diag.sqlstate == "22012"
    with pytest.raises(psycopg.errors.UndefinedTable):
        Statement("SELECT * FROM nowhere")(connection, ())
    assert integer(divide(connection, (b"1",)).get_value(0, 0)) == 1


def test_a_zero_byte_in_a_text_is_refused_not_cut(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.DataError, match="0x00"):
        Statement("SELECT $1", TEXT)(connection, (b"key\x00rest",))


def test_two_objects_for_one_text_share_a_connection(connection: psycopg.Connection) -> None:
    one, other = Statement("SELECT $1", BIGINT), Statement("SELECT $1", BIGINT)
    found = [integer(statement(connection, (b"5",)).get_value(0, 0)) for statement in (one, other, one)]
    assert found == [5, 5, 5]


def test_a_session_that_was_reset_is_prepared_again(connection: psycopg.Connection) -> None:
    statement = Statement("SELECT $1", BIGINT)
    statement(connection, (b"1",))
    connection.execute("DISCARD ALL")
    assert integer(statement(connection, (b"2",)).get_value(0, 0)) == 2


def test_a_lost_connection_is_an_operational_error(connection: psycopg.Connection, database: str) -> None:
    statement = Statement("SELECT $1", BIGINT)
    statement(connection, (b"1",))
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        statement(connection, (b"1",))
    with pytest.raises(psycopg.OperationalError):
        statement(connection, (b"1",))


def test_a_connection_lost_to_the_crash_of_another_is_an_operational_error_and_closed(tmp_path: Path) -> None:
    """The server parts with a warning, which libpq reads instead of the end that follows it."""
    statement = Statement("SELECT $1", BIGINT)
    with EmbeddedPostgres(tmp_path / "data") as server, psycopg.connect(server.url, autocommit=True) as connection:
        statement(connection, (b"1",))
        with psycopg.connect(server.url) as other:
            os.kill(other.info.backend_pid, signal.SIGKILL)
            wait_until(lambda: not is_alive(connection.info.backend_pid))
        with pytest.raises(psycopg.OperationalError):
            statement(connection, (b"1",))
        assert connection.closed
        wait_until(lambda: _answers(server.url))  # a stop in the middle of its recovery takes long


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
