"""gunicorn around the API: its settings, and one wiring per worker process, after the fork."""

import signal
from typing import Any

from gunicorn.app.base import BaseApplication

from api.wiring import Api, wire
from deploy.children import die_with_parent
from deploy.settings import Settings

GRACE_SECONDS = 30
REQUEST_SECONDS = 60


class Server(BaseApplication):  # type: ignore[misc]
    """`Server(settings).run()` serves until SIGTERM, then finishes what it is doing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api: Api | None = None
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.http_workers,
            "threads": self._settings.http_threads,
            "worker_class": "gthread",
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "loglevel": "warning",
            "proc_name": "izvor-api",
            "post_fork": self._post_fork,
            "worker_exit": self._worker_exit,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        self._api = wire(
            self._settings.required_database_url(),
            with_test_clock=self._settings.test_clock,
            threads=self._settings.http_threads,
            requests_per_minute=self._settings.rate_limit,
            public_url=self._settings.public_url or "",
        )
        return self._api.app

    def _post_fork(self, server: Any, _worker: Any) -> None:
        # A worker would notice the death of its head by itself, but holds the port until its last request is answered.
        die_with_parent(server.pid, signal.SIGKILL)

    def _worker_exit(self, _server: Any, _worker: Any) -> None:
        if self._api is not None:
            self._api.close()
