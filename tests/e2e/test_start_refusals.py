"""Correct or halt: a start that would not keep its promises ends in one line with 2, before it has made anything."""

import socket
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.stack import Stack, izvor, quiet_port

NOWHERE = "postgresql://izvor@127.0.0.1:1/izvor"


def refused_in_one_line(done: CompletedProcess[str], words: str, code: int = 2) -> None:
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("izvor: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("lossy") / "data", settings={"fsync": "off"}) as server:
        yield server.url


@pytest.mark.parametrize("command", ["up", "migrate"])
def test_a_server_that_may_lose_invoices_is_left_as_it_was(lossy: str, tmp_path: Path, command: str) -> None:
    port = ["--port", str(quiet_port())] if command == "up" else []
    refused_in_one_line(izvor(command, "--database", lossy, *port, folder=tmp_path), "fsync=off")
    with psycopg.connect(lossy) as connection:
        assert connection.execute("SELECT to_regnamespace('izvor')").fetchone() == (None,)


@pytest.mark.parametrize("command", [["up"], ["serve"], ["project"], ["work", "all"]])
def test_a_recorder_that_loses_events_is_refused(empty_database: str, tmp_path: Path, command: list[str]) -> None:
    environment = {"POSTGRES_ENABLE_DB_FUNCTIONS": "y", "IZVOR_DATABASE_URL": empty_database}
    refused_in_one_line(izvor(*command, folder=tmp_path, **environment), "POSTGRES_ENABLE_DB_FUNCTIONS is set")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["serve"], ["project"], ["work", "all"]])
def test_a_part_does_not_start_on_a_database_that_was_not_migrated(
    empty_database: str, tmp_path: Path, command: list[str]
) -> None:
    refused_in_one_line(izvor(*command, folder=tmp_path, IZVOR_DATABASE_URL=empty_database), "run `izvor migrate`")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_taken_port_is_told_before_anything_is_made(taken_port: int, tmp_path: Path) -> None:
    words = f"cannot listen on 127.0.0.1:{taken_port} (Address already in use): choose another --host or --port"
    refused_in_one_line(izvor("up", "--port", str(taken_port), folder=tmp_path), words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("IZVOR_LOG_LEVEL", "shout", "IZVOR_LOG_LEVEL must be one of debug, info, warning, error, not 'shout'"),
        ("IZVOR_HTTP_WORKERS", "many", "IZVOR_HTTP_WORKERS must be a whole number from 1 to 64, not 'many'"),
        ("IZVOR_SMTP_URL", "mail.example.ro", "IZVOR_SMTP_URL must look like smtp://"),
        ("IZVOR_DATABASE_URL", "not a url", "IZVOR_DATABASE_URL must look like postgresql://"),
        ("IZVOR_SECRET_KEY", "short", "IZVOR_SECRET_KEY must have at least 32 characters"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, variable: str, value: str, words: str) -> None:
    done = izvor("up", "--port", str(quiet_port()), folder=tmp_path, **{variable: value})
    refused_in_one_line(done, words)
    assert list(tmp_path.iterdir()) == []


def test_time_is_not_moved_in_a_database_of_ones_own_by_mistake(tmp_path: Path) -> None:
    done = izvor("up", "--test-clock", "--database", NOWHERE, "--port", str(quiet_port()), folder=tmp_path)
    refused_in_one_line(done, "add --yes-really to mean it")
    meant = izvor(
        "up", "--test-clock", "--yes-really", "--database", NOWHERE, "--port", str(quiet_port()), folder=tmp_path
    )
    refused_in_one_line(meant, "the database cannot be reached", code=1)


def test_data_in_use_is_refused_by_the_number_of_its_process(tmp_path: Path) -> None:
    with Stack(tmp_path, quiet_port(), "--demo") as stack:
        second = izvor("up", "--port", str(quiet_port()), folder=tmp_path)
        assert second.returncode == 2
        assert second.stderr.startswith("izvor: ")
        assert f"is in use by another Izvor (process {stack.processes()[0]}): stop it" in second.stderr
        assert second.stderr.count("\n") == 1
        assert stack.is_ready()
        with stack.client() as client:
            shown = client.get("/api/v1/invoices", params={"limit": 100}).json()["data"]
        assert {"draft", "sent", "partially_paid", "paid", "overdue", "credited"} == {row["status"] for row in shown}
