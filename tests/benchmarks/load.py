"""Loading and folding an invoice of 20 and of 200 events, against the bare SELECT of the same rows.

Ours: `Ledger.load`: SELECT, decode into the model's types, fold to a state. Raw: the same SELECT with `fetchall`, as
anyone would write it; and once more in the driver's binary format, which is what ours uses. All through the same pool
of one connection.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from psycopg.rows import tuple_row

from invoicing_domain.categories import INVOICE
from invoicing_domain.model.identity import stream_id
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.benchmarks.harness import Bench, Figure, compared, interleaved
from tests.support.commands import ORGANIZATION, context, draft

EVENTS: Final = (20, 200)
LOADS: Final = 400
GOAL_AT_200: Final = 3.0

SELECT: Final = (
    "SELECT originator_version, topic, state, notification_id FROM izvor.events WHERE originator_id = %s"
    " ORDER BY originator_version"
)


def measure(bench: Bench) -> Iterator[Figure]:
    with bench.database() as url, Ledger(url, pool_size=1, max_overflow=0) as ledger:
        service = InvoicingService(ledger)
        for reference, events in enumerate(EVENTS, start=1):
            service.execute(draft(reference, lines=events - 1), context())
        with ledger.recorder.datastore.connection() as connection:
            connection.execute("VACUUM ANALYZE izvor.events")
        for reference, events in enumerate(EVENTS, start=1):
            invoice_id = stream_id("invoice", ORGANIZATION, reference)
            loads = bench.size(LOADS)
            rivals = {
                "ours": partial(_milliseconds, partial(ledger.load, INVOICE, invoice_id), loads),
                "raw": partial(_milliseconds, partial(_select, ledger, invoice_id, binary=False), loads),
                "binary": partial(_milliseconds, partial(_select, ledger, invoice_id, binary=True), loads),
            }
            samples = interleaved(bench.rounds, rivals)
            figure = partial(compared, unit="ms", better="less")
            name = f"load and fold {events} events"
            goal = GOAL_AT_200 if events == EVENTS[-1] else None
            yield figure(name, samples, raw_name="bare SELECT, fetchall", goal=goal)
            yield figure(name, {**samples, "raw": samples["binary"]}, raw_name="the same, binary format")


def _milliseconds(load: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        load()
    return (time.perf_counter() - began) / times * 1000


def _select(ledger: Ledger, invoice_id: str, *, binary: bool) -> None:
    with ledger.recorder.datastore.connection() as connection:
        cursor = connection.cursor(binary=binary, row_factory=tuple_row)
        cursor.execute(SELECT, (invoice_id,), prepare=True).fetchall()
