"""Requests a second over HTTP: drafting and sending invoices, against an empty Falcon route under the same gunicorn.

Both servers run gunicorn as the product does (two processes of eight threads); the clients are the same eight threads
of this process with connections that stay open, and share the machine with the servers and the database.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import psycopg

from api.entrance.tokens import create
from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.benchmarks.harness import Bench, Figure, compared, interleaved, per_second
from tests.support.commands import ORGANIZATION, context, register_organization
from tests.support.processes import ROOT, wait_until
from tests.support.stack import quiet_port

CLIENTS: Final = 8
PAIRS_A_CLIENT: Final = 60
DRAFT: Final = {
    "customer": {"name": "Atelierul de Mobilă Turda SRL", "tax_id": "RO18547290"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
}


class Client:
    """One connection that stays open, and as little work of its own as possible."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._file = self._socket.makefile("rb")
        self._head = (
            f"HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )

    def post(self, path: str, body: bytes) -> bytes:
        return self._ask("POST", path, body)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, b"")

    def _ask(self, method: str, path: str, body: bytes) -> bytes:
        head = f"{method} {path} {self._head}Content-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        status = self._file.readline()
        if b" 20" not in status:
            raise AssertionError(f"{path}: {status!r} {self._file.readline()!r}")
        length = 0
        while (line := self._file.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line[15:])
        return self._file.read(length)

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def measure(bench: Bench) -> Iterator[Figure]:
    with bench.database() as url:
        token = _prepare(url)
        with server("izvor", url) as ours, server("empty", url) as empty:
            pairs = CLIENTS * bench.size(PAIRS_A_CLIENT)
            samples = interleaved(
                bench.rounds,
                {
                    "ours": partial(_run, ours, token, _draft_and_send, pairs),
                    "raw": partial(_run, empty, token, _twice, pairs),
                },
            )
    yield compared(
        f"draft and send over HTTP, {CLIENTS} connections",
        samples,
        unit="requests/s",
        raw_name="an empty Falcon route, same gunicorn",
    )


def _prepare(url: str) -> str:
    with Ledger(url) as ledger, psycopg.connect(url, autocommit=True) as connection:
        InvoicingService(ledger).execute(register_organization(), context())
        return create(connection, organization_id=ORGANIZATION, role="admin", name="bench", now=SystemClock().now())


@contextmanager
def server(which: str, url: str) -> Iterator[int]:
    port = quiet_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.servers", which, f"127.0.0.1:{port}", url], cwd=ROOT
    )
    try:
        wait_until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _run(port: int, token: str, act: Callable[[Client], object], pairs: int) -> float:
    clients = [Client(port, token) for _ in range(CLIENTS)]
    try:
        return 2 * per_second(CLIENTS, [partial(act, clients[number % CLIENTS]) for number in range(pairs)])
    finally:
        for client in clients:
            client.close()


def _draft_and_send(client: Client) -> None:
    drafted: Any = json.loads(client.post("/api/v1/invoices", json.dumps(DRAFT).encode()))
    client.post(f"/api/v1/invoices/{drafted['id']}/send", b"{}")


def _twice(client: Client) -> None:
    client.post("/draft", json.dumps(DRAFT).encode())
    client.post("/send", b"{}")
