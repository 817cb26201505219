"""Projecting and rebuilding, against COPY of the same rows.

Ours: facts a second from the event table into read models, by the runner (live tables, rows and position durable in
one transaction a batch) and by a rebuild (new tables, indexes, switch). Raw: the rows of the same facts, ready in
memory, written with the driver's COPY into an empty table with the same columns and a primary key.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from projections.invoice_list.project import MODEL as INVOICE_LIST
from projections.readmodel import ReadModel
from projections.rebuild import rebuild
from projections.receivable_movements.project import MODEL as RECEIVABLE_MOVEMENTS
from projections.runner import Runner
from tests.benchmarks.harness import Bench, Figure, compared, interleaved
from tests.benchmarks.history import record_history

EVENTS: Final = 30_000
ROUNDS: Final = 5
GOAL_SHARE: Final = 0.4

ROWS: Final = (
    "SELECT originator_id, originator_version, topic, state, notification_id, organization_id FROM izvor.events"
)
RAW_TABLE: Final = "CREATE TABLE copied (LIKE izvor.events, PRIMARY KEY (originator_id, originator_version))"
RAW_COPY: Final = "COPY copied FROM STDIN"
BACK_TO_THE_START: Final = "UPDATE read.position SET position = 0 WHERE model = ANY(%s)"


def measure(bench: Bench) -> Iterator[Figure]:
    with bench.database() as url:
        events = record_history(url, bench.size(EVENTS))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE izvor.events")
            rows = connection.execute(ROWS).fetchall()
            connection.execute(RAW_TABLE)
        models = (INVOICE_LIST, RECEIVABLE_MOVEMENTS)
        rivals = {
            "rebuild two": partial(_rebuild, url, models, events),
            "rebuild all": partial(_rebuild, url, (), events),
            "project two": partial(_project, url, models, events),
            "raw": partial(_copy, url, rows),
        }
        samples = interleaved(min(ROUNDS, bench.rounds), rivals)
    both = "invoice_list + receivable_movements"
    figure = partial(_figure, samples)
    yield figure("rebuild two", f"rebuild {both}", goal=GOAL_SHARE)
    yield figure("project two", f"project {both}")
    yield figure("rebuild all", "rebuild all read models")


def _figure(samples: dict[str, list[float]], ours: str, name: str, goal: float | None = None) -> Figure:
    return compared(
        name,
        {"ours": samples[ours], "raw": samples["raw"]},
        unit="events/s",
        raw_name="COPY of the rows of the same events",
        goal=goal,
    )


def _rebuild(url: str, models: Sequence[ReadModel], events: int) -> float:
    return _events_per_second(events, lambda: list(rebuild(url, [model.name for model in models])))


def _project(url: str, models: Sequence[ReadModel], events: int) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        for table in (table for model in models for table in model.tables):
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier("read", table)))
        connection.execute(BACK_TO_THE_START, ([model.name for model in models],))
    return _events_per_second(events, Runner(url, models=models).catch_up)


def _copy(url: str, rows: Sequence[tuple[Any, ...]]) -> float:
    def copy() -> None:
        with connection.cursor(row_factory=tuple_row).copy(RAW_COPY) as sink:
            for row in rows:
                sink.write_row(row)

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE copied")
        return _events_per_second(len(rows), copy)


def _events_per_second(events: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return events / (time.perf_counter() - began)
