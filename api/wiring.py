"""Composition root of the API: everything that a process of it needs, from plain parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import falcon

from api.app import create_app
from api.doors import Doors, Organizations
from api.entrance.limits import TokenLimit
from api.figures import ApiFigures
from api.reads import Reads
from api.resources.health import projections_trouble, schema_trouble, store_trouble
from invoicing_domain.clock import SystemClock
from invoicing_domain.figures import MeasuredLedger, MeasuredService
from invoicing_domain.outside import Outside
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.datastore import Datastore

CONNECTION_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Api:
    """The WSGI application, and how to let go of what it holds."""

    app: falcon.App[falcon.Request, falcon.Response]
    close: Callable[[], None]


def wire(
    conninfo: str,
    *,
    with_test_clock: bool = False,
    threads: int = 8,
    patience_seconds: float = CONNECTION_SECONDS,
    requests_per_minute: int = 0,
    public_url: str = "",
    metrics_token: str | None = None,
    schema: int | None = None,
    is_draining: Callable[[], bool] = lambda: False,
    outside: Outside | None = None,
) -> Api:
    """Build the API of one process, after the fork: it opens connections, and waits `patience_seconds` for each.

    `requests_per_minute` limits each token; 0: no limits. `schema` is the version of the database that this program
    needs, where somebody knows it.
    """
    figures = ApiFigures()
    ledger = MeasuredLedger(conninfo, figures.commands, pool_size=2, max_overflow=threads, per_organization=True)
    reads = Reads(conninfo, threads + 2, patience_seconds)
    clock_store = Datastore(conninfo, pool_size=1, max_overflow=threads) if with_test_clock else None
    test_clock = TestClock(clock_store) if clock_store else None
    service = MeasuredService(ledger, figures.commands)
    doors = Doors(
        ledger=ledger,
        service=service,
        publishing=Publishing(ledger, service),
        reads=reads,
        clock=test_clock or SystemClock(),
        organizations=Organizations(ledger),
        figures=figures,
        test_clock=test_clock,
        token_limit=TokenLimit(requests_per_minute),
        public_url=public_url,
        outside=outside or Outside(),
        metrics_token=metrics_token,
        readiness=_readiness(reads, schema, is_draining),
    )

    def close() -> None:
        reads.close()
        ledger.close()
        if clock_store:
            clock_store.close()

    return Api(create_app(doors), close)


def _readiness(
    reads: Reads, schema: int | None, is_draining: Callable[[], bool]
) -> dict[str, Callable[[], str | None]]:
    return {
        "doors": lambda: "draining: this process is about to end" if is_draining() else None,
        "store": lambda: store_trouble(reads),
        "schema": lambda: schema_trouble(reads, schema),
        "projections": lambda: projections_trouble(reads),
    }
