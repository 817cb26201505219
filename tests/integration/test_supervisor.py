import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.postgres.leftovers import cluster_name, server_processes
from tests.support.processes import finish, is_alive, line_of, python, wait_until

SUPERVISE = """
import json, logging, os, pathlib, sys
from deploy.postgres.embedded import EmbeddedPostgres
from deploy.supervisor import ChildSpec, Patience, Supervisor
logging.basicConfig(level="INFO", stream=sys.stdout, format="log: %(message)s")
children, patience, data = json.loads(sys.argv[1])
specs = [ChildSpec(environment=os.environ, **child) for child in children]
database = EmbeddedPostgres(pathlib.Path(data)) if data else None
if database:
    print(database.start(), flush=True)
ready = lambda: print("ready", database.pid if database else "", flush=True)
sys.exit(Supervisor(specs, database=database, patience=Patience(**patience), on_ready=ready).run())
"""
PATIENT = 'trap "echo down {name}; exit 0" TERM; echo up {name} $$; while :; do sleep 0.02; done'
STUBBORN = 'trap "" TERM; echo up {name} $$; while :; do sleep 0.02; done'
SOON_STEADY = {"steady_after_seconds": 0.0}

Start = Callable[..., subprocess.Popen[str]]


def child(name: str, script: str = PATIENT, order: int = 1, **more: object) -> dict[str, object]:
    return {"name": name, "argv": ["/bin/sh", "-c", script.format(name=name)], "drain_order": order, **more}


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*children: dict[str, object], patience: object = None, data: Path | None = None) -> subprocess.Popen[str]:
        started.append(python(SUPERVISE, json.dumps([children, patience or {}, str(data) if data else None])))
        return started[-1]

    yield run
    for process in started:
        finish(process)


def read_until(process: subprocess.Popen[str], beginning: str) -> list[str]:
    """All lines up to the one that begins as given; its words are the last."""
    lines: list[str] = []
    while not (lines and lines[-1].startswith(beginning)):
        line = line_of(process)
        assert line, f"ended before {beginning!r}: {lines}"
        lines.append(line)
    return lines


def pid_of(process: subprocess.Popen[str], name: str) -> int:
    return pids_of(process, name)[0]


def pids_of(process: subprocess.Popen[str], *names: str) -> list[int]:
    """Wait until all have said that they are up, in whichever order they did."""
    pids: dict[str, int] = {}
    while not set(names) <= set(pids):
        _, name, pid = read_until(process, "up ")[-1].split()
        pids[name] = int(pid)
    return [pids[name] for name in names]


def test_a_killed_child_is_started_again(start: Start) -> None:
    supervisor = start(child("api"), patience=SOON_STEADY)
    first = pid_of(supervisor, "api")
    os.kill(first, signal.SIGKILL)
    second = pid_of(supervisor, "api")
    assert second != first
    assert is_alive(second)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_drains_the_children_in_order_and_ends_with_zero(start: Start, number: signal.Signals) -> None:
    supervisor = start(child("runner", order=3), child("api", order=1), child("worker", order=2))
    pids_of(supervisor, "runner", "api", "worker")
    supervisor.send_signal(number)
    rest, _ = supervisor.communicate(timeout=60)
    assert [line for line in rest.splitlines() if line.startswith("down")] == ["down api", "down worker", "down runner"]
    assert supervisor.returncode == 0


def test_a_child_that_refuses_to_start_stops_everything_with_two(start: Start, tmp_path: Path) -> None:
    up = tmp_path / "up"
    first = PATIENT.replace("while", f"touch {up}; while")
    second = f"until test -e {up}; do sleep 0.02; done; exit 2"
    supervisor = start(child("api", first), child("worker", second, order=2))
    pid = pid_of(supervisor, "api")
    rest, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 2
    assert "log: worker refused to start" in rest
    assert not is_alive(pid)


def test_a_child_that_never_was_of_use_ends_the_start_with_one(start: Start) -> None:
    supervisor = start(child("api", "exit 7"), patience={"first_pause_seconds": 0.01, "attempts": 3})
    rest, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 1
    assert rest.count("log: api ended (exit code 7); starting it again") == 2
    assert "log: api ended 3 times before it was of use: giving up" in rest


def test_a_child_that_does_not_end_in_time_is_killed(start: Start) -> None:
    supervisor = start(child("deaf", STUBBORN, stop_seconds=0.2))
    pid = pid_of(supervisor, "deaf")
    supervisor.terminate()
    rest, _ = supervisor.communicate(timeout=60)
    assert "log: deaf did not end in time: killed" in rest
    assert supervisor.returncode == 0
    assert not is_alive(pid)


def test_a_second_signal_hurries(start: Start) -> None:
    supervisor = start(child("deaf", STUBBORN, stop_seconds=3600.0))
    pid = pid_of(supervisor, "deaf")
    supervisor.terminate()
    read_until(supervisor, "log: stopping deaf")
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=60)
    assert supervisor.returncode == 0
    assert not is_alive(pid)


def test_when_the_supervisor_is_killed_its_children_end(start: Start) -> None:
    supervisor = start(child("api"), child("worker"))
    pids = pids_of(supervisor, "api", "worker")
    supervisor.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def test_the_children_of_a_killed_child_do_not_stay_behind(start: Start) -> None:
    supervisor = start(child("api", "sleep 3600 & echo up grandchild $!; " + PATIENT))
    grandchild, pid = pids_of(supervisor, "grandchild", "api")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(grandchild))


def test_a_killed_database_comes_back_and_is_stopped_last(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "pg"
    script = PATIENT.replace("echo down", f"test -e {data}/postmaster.pid && echo down")
    supervisor = start(child("api", script), data=data)
    url = read_until(supervisor, "postgresql://")[-1]
    os.kill(int(read_until(supervisor, "ready")[-1].split()[-1]), signal.SIGKILL)
    read_until(supervisor, "log: PostgreSQL ended; starting it again")

    def answers() -> bool:
        try:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    wait_until(answers)
    supervisor.terminate()
    rest, _ = supervisor.communicate(timeout=60)
    assert "down api" in rest
    assert supervisor.returncode == 0
    assert server_processes(cluster_name(data), data.stat().st_uid) == []
