"""A bell that wakes a worker up when there may be something to do."""

import time
from threading import Event
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

STEP_SECONDS: Final = 1.0
"""How soon a sleeping worker hears that it is to stop."""


class Bell:
    """Listens on a channel of PostgreSQL. Not to be shared between threads."""

    def __init__(self, conninfo: str, channel: str) -> None:
        self._conninfo = conninfo
        self._listen = sql.SQL("LISTEN {}").format(sql.Identifier(channel))
        self._session: Connection[Any] | None = None

    def wait(self, stop: Event, seconds: float) -> None:
        """Sleep until the bell rings, `stop` is set or the time is over; without a database, like any other sleep."""
        try:
            self._sleep(stop, seconds)
        except psycopg.OperationalError:
            self.close()
            stop.wait(seconds)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _sleep(self, stop: Event, seconds: float) -> None:
        if self._session is None:
            self._session = psycopg.connect(self._conninfo, autocommit=True)
            self._session.execute(self._listen)
            return  # what came before the bell was there has rung nowhere: look again
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            for _ in self._session.notifies(timeout=min(left, STEP_SECONDS), stop_after=1):
                return
