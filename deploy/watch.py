"""How projections and workers tell of themselves: figures and health, on a small port of their own.

A thread with the HTTP server of the standard library: it answers also when the loop that it watches is stuck.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import psycopg
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from deploy.migrate import expected_version
from deploy.pulse import Pulse
from projections.readiness import WITHIN_A_SECOND, schema, store

_log = logging.getLogger(__name__)

Check = Callable[[psycopg.Connection[Any]], str | None]
_READY: Final[Mapping[str, Check]] = {
    "store": store,
    "schema": lambda connection: schema(connection, expected_version()),
}


class Watched:
    """One process: what it is asked, and how it finds the answers."""

    def __init__(
        self,
        conninfo: str,
        registries: Sequence[CollectorRegistry],
        *,
        pulses: Mapping[str, Pulse],
        checks: Mapping[str, Check] | None = None,
        roles: Mapping[str, Callable[[], str]] | None = None,
        stop: threading.Event,
    ) -> None:
        """`pulses` are of its loops; `checks` come on top of those that everybody has; any of its `roles` is good."""
        self._conninfo = conninfo
        self._registries = registries
        self._pulses = pulses
        self._checks = {**_READY, **(checks or {})}
        self._roles = roles or {}
        self._stop = stop

    def metrics(self) -> tuple[int, bytes]:
        try:
            return 200, b"".join(generate_latest(registry) for registry in self._registries)
        except psycopg.Error as error:
            return 503, f"the database does not answer: {type(error).__name__}\n".encode()

    def live(self) -> tuple[int, bytes]:
        """Touches nothing: a database that is away is no reason to start this process again, a loop that hangs is."""
        silent = {name: round(pulse.silent_seconds, 1) for name, pulse in self._pulses.items()}
        return _told({name: pulse.trouble for name, pulse in self._pulses.items()}, silent_seconds=silent)

    def ready(self) -> tuple[int, bytes]:
        found: dict[str, str | None] = {"draining": "this process is about to end" if self._stop.is_set() else None}
        try:
            with connecting(self._conninfo) as connection:
                found |= {name: check(connection) for name, check in self._checks.items()}
        except psycopg.Error as error:
            found["store"] = f"the database does not answer: {type(error).__name__}"
        return _told(found, roles={name: role() for name, role in self._roles.items()})


def connecting(conninfo: str) -> psycopg.Connection[Any]:
    """A connection for one question, which is answered within a second or not at all."""
    connection = psycopg.connect(conninfo, connect_timeout=2)
    connection.execute(WITHIN_A_SECOND)
    return connection


@contextmanager
def watching(address: str | None, watched: Watched) -> Iterator[None]:
    """Answer at HOST:PORT meanwhile. An address that is taken costs the watch, not the work."""
    server = _listening(address, watched) if address else None
    if server is not None:
        threading.Thread(target=server.serve_forever, name="watch", daemon=True).start()
    try:
        yield
    finally:
        if server is not None:
            server.shutdown()
            server.server_close()


def _listening(address: str, watched: Watched) -> ThreadingHTTPServer | None:
    host, _, port = address.rpartition(":")
    try:
        return ThreadingHTTPServer((host.strip("[]"), int(port)), _handler(watched))
    except OSError as error:
        _log.error("nobody can watch this process: cannot listen on %s (%s)", address, error.strerror)
        return None


def _handler(watched: Watched) -> type[BaseHTTPRequestHandler]:
    answers = {
        "/metrics": (watched.metrics, CONTENT_TYPE_LATEST),
        "/health/live": (watched.live, "application/json"),
        "/health/ready": (watched.ready, "application/json"),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            answer, kind = answers.get(self.path.partition("?")[0], (lambda: (404, b""), "text/plain"))
            status, body = answer()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nothing: being asked is no news."""

    return Handler


def _told(found: Mapping[str, str | None], **more: object) -> tuple[int, bytes]:
    wrong = any(found.values())
    checks = {name: trouble or "ok" for name, trouble in found.items()}
    told = {"status": "unavailable" if wrong else "ok", "checks": checks, **more}
    return 503 if wrong else 200, json.dumps(told).encode()
