"""Izvor on a PostgreSQL that somebody else runs: all in one, and part by part."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg

from deploy.roles import ONE, acting_as
from tests.support.processes import wait_until
from tests.support.reminders import free_port
from tests.support.stack import IZVOR, Stack, izvor, one, plain_environment, quiet_port, read_after

DRAFT = {
    "customer": {"name": "Client SRL"},
    "lines": [{"description": "Serviciu", "quantity": "1", "unit_price": "10.00", "vat": {"rate": "21"}}],
}


def send_one(client: httpx.Client) -> str:
    """Send an invoice, and see it in the list."""
    draft = one(client.post("/api/v1/invoices", json=DRAFT), 201)
    answer = client.post(f"/api/v1/invoices/{draft['id']}/send")
    number = str(one(answer)["number"])
    shown = one(read_after(client, answer.headers["izvor-position"], "/api/v1/invoices"))["data"]
    assert shown[0]["number"] == number
    return number


def test_everything_runs_on_a_database_of_ones_own_and_leaves_it_running(empty_database: str, tmp_path: Path) -> None:
    with Stack(tmp_path, quiet_port(), "--database", empty_database) as stack:
        with stack.client() as client:
            assert send_one(client) == "IZV000001"
        assert not (stack.data / "postgres").exists()
        assert stack.stop() == 0
        assert stack.left_behind() == []
    assert izvor("check", "--database", empty_database, folder=tmp_path).returncode == 0
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM izvor.events WHERE topic = 'invoice.sent/1'").fetchone() == (1,)


@contextmanager
def part(folder: Path, environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "parts.log").open("ab") as log:
        process = subprocess.Popen([IZVOR, *arguments], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_parts_run_as_processes_of_their_own_and_end_when_asked(empty_database: str, tmp_path: Path) -> None:
    port, watched = quiet_port(), (free_port(), free_port())
    settings = {"IZVOR_DATABASE_URL": empty_database, "IZVOR_BIND": f"127.0.0.1:{port}"}
    settings["IZVOR_SECRET_KEY"] = "k" * 40
    assert "applied 0001" in izvor("migrate", folder=tmp_path, **settings).stdout
    assert izvor("organization", "create", "--name", "Firma SRL", folder=tmp_path, **settings).returncode == 0
    token = izvor("token", "create", "--role", "clerk", folder=tmp_path, **settings).stdout.strip()
    with ExitStack() as running:
        environment = plain_environment(**settings)
        isolated = {**environment, "IZVOR_DATABASE_URL": acting_as(empty_database, ONE)}
        project, work = ({**environment, "IZVOR_WATCH": f"127.0.0.1:{at}"} for at in watched)
        commands = ((isolated, "serve"), (project, "project"), (work, "work", "all"))
        parts = [running.enter_context(part(tmp_path, *command)) for command in commands]
        for at in (port, *watched):  # who is asked to end before it has begun ends in another way
            wait_until(Stack(tmp_path, at).is_ready)
        stack = Stack(tmp_path, port)
        with stack.client(token) as client:
            assert send_one(client) == "IZV000001"
        for process in parts:
            process.terminate()
        assert [process.wait(60) for process in parts] == [0, 0, 0]


def test_an_api_that_could_see_all_organizations_does_not_start(empty_database: str, tmp_path: Path) -> None:
    settings = {"IZVOR_DATABASE_URL": empty_database, "IZVOR_SECRET_KEY": "k" * 40}
    assert izvor("migrate", folder=tmp_path, **settings).returncode == 0
    refused = izvor("serve", folder=tmp_path, **settings)
    assert refused.returncode == 2
    assert "role izvor is a superuser, but the API must see one organization at a time" in refused.stderr
