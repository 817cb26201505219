"""The pool of connections for queries: each query bounded in time, connections that ended replaced unnoticed.

A connection is lent for the organization that the thread works for, and shows the rows of no other.
"""

import select
from typing import Any, Final

from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from invoicing_domain.recording.tenancy import Lending

QUERY_SECONDS: Final = 10

# Filters differ so much in what they let through that a plan for all of them suits none.
_SETTINGS: Final = f"-c statement_timeout={QUERY_SECONDS}s -c plan_cache_mode=force_custom_plan"


class Reads(ConnectionPool[Connection[Any]]):
    """Waits `patience_seconds` for a connection, then raises PoolTimeout.

    The pool's own `check` pauses for a second, then two, then four after each connection that has ended: a restarted
    server would cost one request all of them.
    """

    def __init__(self, conninfo: str, size: int, patience_seconds: float) -> None:
        self._lend = Lending()
        options = conninfo_to_dict(conninfo)
        options["options"] = f"{options.get('options') or ''} {_SETTINGS}".strip()
        super().__init__(
            "",
            kwargs={**options, "autocommit": True},
            min_size=1,
            max_size=size,
            timeout=patience_seconds,
            reconnect_timeout=patience_seconds,  # then the next request tries, not a clock that doubles its pauses
            open=True,
        )

    def getconn(self, timeout: float | None = None) -> Connection[Any]:
        while True:
            connection = super().getconn(timeout)
            if not _has_ended(connection):
                break
            connection.close()
            self.putconn(connection)
        try:
            self._lend(connection)
        except BaseException:
            connection.close()  # nobody can say for whom it stands
            self.putconn(connection)
            raise
        return connection


def _has_ended(connection: Connection[Any]) -> bool:
    """Asks nobody and takes no time: an idle server says nothing, so something to read is a goodbye."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
