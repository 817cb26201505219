"""The whole of Izvor as users run it: `izvor up` in an empty folder, seen from outside through HTTP and processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.cli.options import CLUSTER
from deploy.postgres.embedded import running_url
from deploy.postgres.leftovers import cluster_name, server_processes
from tests.support.processes import is_alive, wait_until

IZVOR = str(Path(sys.executable).with_name("izvor"))
START_SECONDS = 120.0
"""Patience, not a promise: it only matters when something is broken."""


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without anything that could steer Izvor from outside."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, **more}


class Stack:
    """One `izvor up`: `start()` waits until it is ready, `stop()` ends it as Ctrl-C does, `kill_everything()` as -9."""

    def __init__(self, folder: Path, port: int, *options: str, **environment: str) -> None:
        self.folder = folder
        self.data = folder / "izvor-data"
        self.port = port
        self._options = options
        self._environment = plain_environment(**environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "up.log"

    @property
    def token(self) -> str:
        return (self.data / "admin.token").read_text().strip()

    @property
    def database(self) -> str:
        """Where reports connect to; of the embedded server, while it runs."""
        url = running_url(self.data / CLUSTER)
        assert url is not None
        return url

    def start(self) -> Self:
        """In an empty folder of its own and with the default data folder, as a stranger does it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [IZVOR, "up", "--port", str(self.port), *self._options],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"izvor up did not become ready:\n{self.log.read_text()}")
            time.sleep(0.1)
        self._remember()

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200
        return False

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        all_headers = {"Authorization": f"Bearer {token or self.token}", **headers}
        return httpx.Client(base_url=self.url, headers=all_headers, timeout=30, trust_env=False)

    def izvor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command at the same keyboard, in the same folder."""
        return izvor(*arguments, folder=self.folder)

    def processes(self) -> list[int]:
        """Everything that runs: the foreground process and all below it, the deepest last."""
        return [] if self._process is None else family(self._process.pid)

    def children(self, words: str) -> list[int]:
        """Processes of the stack whose command line contains these words."""
        return [pid for pid in self.processes() if words in command_line(pid)]

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        if self._process is None:
            raise AssertionError("it was never started")
        self._remember()
        self._process.terminate()
        return self._process.wait(START_SECONDS)

    def kill_head(self) -> None:
        """Kill -9 for the foreground process alone; the kernel must end the others."""
        head = self._remember()[0]
        _signal(head, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        wait_until(lambda: not self.left_behind())

    def kill_everything(self) -> int:
        """Kill -9 for every process; returns how many there were."""
        stopped: set[int] = set()
        while found := set(self._remember()) - stopped:  # stopped first, so that nobody can act on another's death
            for pid in found:
                _signal(pid, signal.SIGSTOP)
            stopped |= found
        for pid in stopped:
            _signal(pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        wait_until(lambda: not self.left_behind())
        return len(stopped)

    def left_behind(self) -> list[int]:
        """What still runs of all that was ever seen, and any server on the data."""
        cluster = self.data / CLUSTER
        servers = server_processes(cluster_name(cluster), cluster.stat().st_uid) if cluster.exists() else []
        alive = {pid for pid, born in self._seen.items() if is_alive(pid) and birth(pid) == born}
        return sorted(alive | {pid for pid, _ in servers})

    def _remember(self) -> list[int]:
        pids = self.processes()
        self._seen.update({pid: birth(pid) for pid in pids})
        return pids

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            error.add_note(f"What izvor up said last:\n{self.log.read_text()[-8000:]}")
        if self._process is not None and self._process.poll() is None:
            self.kill_everything()


def quiet_port() -> int:
    """A free port that no outgoing connection takes by chance while the stack is away."""
    first = 20_000 + os.getpid() % 1_000 * 10
    for port in range(first, first + 1_000):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


def izvor(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [IZVOR, *arguments],
        cwd=folder,
        env=plain_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def birth(pid: int) -> str:
    """When a process began: numbers come back, this does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def family(head: int) -> list[int]:
    """A process and all its descendants, parents before children."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [head]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def read_after(client: httpx.Client, position: object, path: str, /, **params: str) -> httpx.Response:
    """Ask for a list that shows what was recorded at a position; again while it is behind, as clients are told to."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        answer = client.get(path, params=params, headers={"Izvor-After": str(position)})
        is_behind = answer.status_code == 503 and answer.json()["code"] == "read_model_behind"
        if not is_behind or time.monotonic() > deadline:
            return answer


def one(answer: httpx.Response, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None


def lines(text: str) -> Iterable[Any]:
    """JSON, one document a line."""
    return [json.loads(line) for line in text.splitlines()]
