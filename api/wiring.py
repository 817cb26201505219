"""Composition root of the API: everything that a process of it needs, from plain parameters."""

import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import falcon
from psycopg import Connection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from api.app import create_app
from api.doors import Doors, Organizations
from api.resources.health import projections_trouble, store_trouble
from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.service import InvoicingService

QUERY_SECONDS: Final = 10
CONNECTION_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Api:
    """The WSGI application, and how to let go of what it holds."""

    app: falcon.App[falcon.Request, falcon.Response]
    close: Callable[[], None]


def wire(conninfo: str, *, with_test_clock: bool = False, threads: int = 8) -> Api:
    """Build the API of one process; connections are opened when first needed, so this may run before a fork."""
    ledger = Ledger(conninfo, pool_size=2, max_overflow=threads)
    reads = _pool(conninfo, threads + 2)
    clock_store = Datastore(conninfo, pool_size=1, max_overflow=threads) if with_test_clock else None
    test_clock = TestClock(clock_store) if clock_store else None
    doors = Doors(
        ledger=ledger,
        service=InvoicingService(ledger),
        reads=reads,
        clock=test_clock or SystemClock(),
        organizations=Organizations(ledger),
        test_clock=test_clock,
        readiness={
            "store": lambda: store_trouble(reads),
            "projections": lambda: projections_trouble(reads),
        },
    )

    def close() -> None:
        reads.close()
        ledger.close()
        if clock_store:
            clock_store.close()

    return Api(create_app(doors), close)


def _pool(conninfo: str, size: int) -> ConnectionPool[Connection[Any]]:
    """Connections for queries, each of which is bounded in time; one that broke while idle is replaced."""
    options = conninfo_to_dict(conninfo)
    options["options"] = f"{options.get('options') or ''} -c statement_timeout={QUERY_SECONDS}s".strip()
    return ConnectionPool(
        "",
        kwargs={**options, "autocommit": True},
        min_size=1,
        max_size=size,
        timeout=CONNECTION_SECONDS,
        check=_check,
        open=True,
    )


def _check(connection: Connection[Any]) -> None:
    """An idle server says nothing, so a connection with something to read has ended; asks nobody, takes no time."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        connection.close()  # only a connection that knows its end is replaced; another is put back and tried again
        raise OperationalError("the server closed this connection")
