"""How long after its acknowledgement a draft is in the invoice list, on an idle system with a runner of its own."""

import statistics
import time
from collections.abc import Iterator
from typing import Final

import psycopg

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.invoice_list.query import get
from tests.benchmarks.harness import Bench, Figure
from tests.support.commands import ORGANIZATION, context, draft, register_organization
from tests.support.processes import finish, python, wait_until

DRAFTS: Final = 100
IDLE_SECONDS: Final = 0.05
GOAL_MS: Final = 20.0

RUNNER: Final = (
    "import sys, threading; from projections.runner import Runner; Runner(sys.argv[1]).run(threading.Event())"
)


def measure(bench: Bench) -> Iterator[Figure]:
    with bench.database() as url, Ledger(url) as ledger, psycopg.connect(url, autocommit=True) as connection:
        service = InvoicingService(ledger)
        service.execute(register_organization(), context())
        runner = python(RUNNER, url)
        try:
            lags = list(_lags(service, connection, bench.size(DRAFTS)))
        finally:
            finish(runner)
    median = statistics.median(lags)
    yield Figure(
        name="event to visible in the list, idle",
        unit="ms",
        ours=median,
        goal=f"< {GOAL_MS:.0f} ms",
        reached=median < GOAL_MS,
        better="less",
        notes={"p95": statistics.quantiles(lags, n=20)[-1], "max": max(lags)},
    )


def _lags(service: InvoicingService, connection: psycopg.Connection, drafts: int) -> Iterator[float]:
    service.execute(draft(1), context())
    first = draft(1).invoice_id
    wait_until(lambda: get(connection, ORGANIZATION, invoice_id=first) is not None)
    for reference in range(2, drafts + 2):
        time.sleep(IDLE_SECONDS)
        wanted = service.execute(draft(reference), context()).stream_id
        began = time.perf_counter()
        while get(connection, ORGANIZATION, invoice_id=wanted) is None:
            time.sleep(0.0002)
        yield (time.perf_counter() - began) * 1000
