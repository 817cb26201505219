"""gunicorn around the API: its settings, and one wiring per worker process, after the fork."""

import gc
import mmap
import os
import select
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from deploy.children import die_with_parent
from deploy.migrate import expected_version
from deploy.settings import Settings
from invoicing_domain.outside import Outside

GRACE_SECONDS = 30
REQUEST_SECONDS = 60
STAY_MILLISECONDS: Final = 20
READ_TO_ITS_END: Final = 64 * 1024
"""A longer body that the application refuses unread is not read by the server either: the connection ends."""

FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The folder where the processes of one server add up their figures; the library wants it in the environment."""


class Draining:
    """One byte that the head of the server writes and all its workers see."""

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)

    def begin(self) -> None:
        self._byte[0] = 1

    def has_begun(self) -> bool:
        return self._byte[0] == 1


class Server(BaseApplication):  # type: ignore[misc]
    """`Server(settings).run()` serves until SIGTERM, says so to the balancer, then finishes what it is doing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._close = ExitStack()
        self.draining = Draining()
        super().__init__()

    @property
    def drain_seconds(self) -> int:
        return self._settings.drain_seconds

    def run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="izvor-figures-") as folder:
            os.environ.setdefault(FIGURES, folder)
            _empty(Path(os.environ[FIGURES]))
            _Head(self).run()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.http_workers,
            "threads": self._settings.http_threads,
            "worker_class": _Worker,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "loglevel": "warning",
            "logger_class": _Log,
            "proc_name": "izvor-api",
            "pre_request": _announce_the_end,
            "post_fork": self._post_fork,
            "worker_exit": self._worker_exit,
            "child_exit": self._child_exit,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from api.wiring import wire  # noqa: PLC0415 - not before the folder of the figures is known

        api = wire(
            self._settings.required_database_url(),
            with_test_clock=self._settings.test_clock,
            threads=self._settings.http_threads,
            requests_per_minute=self._settings.rate_limit,
            public_url=self._settings.public_url or "",
            outside=Outside(allow_private=self._settings.webhook_allow_private),
            metrics_token=self._settings.metrics_token,
            schema=expected_version(),
            is_draining=self.draining.has_begun,
        )
        self._close.callback(api.close)
        gc.collect()
        gc.freeze()  # what is there now stays: no collection need look at it again
        return api.app

    def _post_fork(self, server: Any, _worker: Any) -> None:
        # A worker would notice the death of its head by itself, but holds the port until its last request is answered.
        die_with_parent(server.pid, signal.SIGKILL)

    def _worker_exit(self, _server: Any, _worker: Any) -> None:
        self._close.close()

    def _child_exit(self, _server: Any, worker: Any) -> None:
        """What a worker counted stays; what it had open is no more."""
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - as above

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


class _Worker(ThreadWorker):  # type: ignore[misc]
    """A thread that has answered stays with its client for a moment: to be called again takes longer than the request.

    It does so while there are more threads than clients, so that nobody waits for a thread that waits.
    """

    def handle(self, conn: TConn) -> Any:
        kept = super().handle(conn)
        while kept is True and self._may_stay(conn) and _asks_again(conn):
            kept = super().handle(conn)
        return kept

    def _may_stay(self, conn: TConn) -> bool:
        has_read_ahead = bool(conn.parser.unreader.buf.getvalue())
        return self.alive and self.nr_conns < self.cfg.threads and not has_read_ahead


def _asks_again(conn: TConn) -> bool:
    poll = select.poll()
    poll.register(conn.sock, select.POLLIN)
    return bool(poll.poll(STAY_MILLISECONDS))


def _announce_the_end(_worker: Any, request: Any) -> None:
    """Who sends a long body, or one of a length untold, hears before the answer that it is the last on this line.

    Else the next request would be lost.
    """
    headers = dict(request.headers)
    if "TRANSFER-ENCODING" in headers or int(headers.get("CONTENT-LENGTH", 0)) >= READ_TO_ITS_END:
        request.force_close()


class _Head(Arbiter):  # type: ignore[misc]
    def handle_term(self) -> None:
        """Not ready first, closed later: who was sent here meanwhile is still served."""
        self.app.draining.begin()
        time.sleep(self.app.drain_seconds)
        super().handle_term()


class _Log(Logger):  # type: ignore[misc]
    """What the server itself has to say goes where all logs go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _empty(folder: Path) -> None:
    """Figures of a server that ran here before would be added to ours."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
