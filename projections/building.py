"""Building read models from the first fact, in a schema of their own, to switch to or to compare with."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql

from projections.erasing import fold_anew
from projections.feed import Decoding, head, read, unwanted
from projections.readmodel import Event, ReadModel
from projections.schemas import indexes_of, tables_of, use_schema
from projections.store import apply

Batch = tuple[int, int, list[Event]]


def make_tables(connection: psycopg.Connection[Any], schema: str, models: Iterable[ReadModel]) -> None:
    """Empty tables in `schema`, without what is cheaper to make when they are full."""
    use_schema(connection, schema)
    for model in models:
        connection.execute(tables_of(model).before)


def make_indexes(connections: Sequence[psycopg.Connection[Any]], schema: str, models: Sequence[ReadModel]) -> None:
    """Indexes of full tables, one after the other on each connection, side by side on all; then statistics.

    Nothing waits for the disk: who needs these tables waits for a later commit.
    """
    left = deque(one for model in models for one in indexes_of(model))

    def work(connection: psycopg.Connection[Any]) -> None:
        while left:
            try:
                statement = left.popleft()
            except IndexError:
                return
            _execute(connection, schema, statement)

    with ThreadPoolExecutor(max_workers=len(connections)) as hands:
        list(hands.map(work, connections))
    for model in models:
        for table in model.tables:
            _execute(connections[0], schema, sql.SQL("ANALYZE {}").format(sql.Identifier(schema, table)))


def _execute(connection: psycopg.Connection[Any], schema: str, statement: bytes | sql.Composed) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = off; SET LOCAL maintenance_work_mem = '256MB'")
        use_schema(connection, schema)
        connection.execute(statement)


def fill(
    connection: psycopg.Connection[Any],
    schema: str,
    models: Sequence[ReadModel],
    decoding: Decoding,
    after: int,
    until: int,
) -> None:
    """Take the tables from one position to another, in the caller's transaction."""
    events = decoding.events(connection, read(connection, after, until, unwanted(models)))
    put(connection, schema, models, decoding, events, until)


def put(
    connection: psycopg.Connection[Any],
    schema: str,
    models: Sequence[ReadModel],
    decoding: Decoding,
    events: list[Event],
    until: int,
) -> None:
    """Project events that reach up to a position."""
    for model in models:
        apply(connection, schema, model, events)
    fold_anew(connection, schema, models, decoding, events, until)


def batches(
    connection: psycopg.Connection[Any], models: Sequence[ReadModel], decoding: Decoding, after: int, size: int
) -> Iterator[Batch]:
    """All that is recorded after a position, in batches (until, total, events), each read while the last is written.

    Ends with a batch that reached the newest fact; more may have come while it was written, or it would never end
    beside busy writers. The connection is used by another thread.
    """
    skipped = unwanted(models)

    def take(after: int) -> Batch:
        total = head(connection)
        until = min(after + size, total)
        stored = read(connection, after, until, skipped) if until > after else []
        return until, total, decoding.events(connection, stored)

    with ThreadPoolExecutor(max_workers=1) as reader:
        coming: Future[Batch] | None = reader.submit(take, after)
        while coming is not None:
            until, total, events = coming.result()
            coming = reader.submit(take, until) if until < total else None
            if until > after:
                yield until, total, events
            after = until
