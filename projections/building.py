"""Building read models from the first fact, in a schema of their own, to switch to or to compare with."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql

from invoicing_domain.recording.codec import Codec
from projections.feed import decode, head, read, unwanted
from projections.readmodel import Event, ReadModel
from projections.schemas import tables_of, use_schema
from projections.store import apply


def make_tables(connection: psycopg.Connection[Any], schema: str, models: Iterable[ReadModel]) -> None:
    """Empty tables in `schema`, without what is cheaper to make when they are full."""
    use_schema(connection, schema)
    for model in models:
        connection.execute(tables_of(model).before)


def make_indexes(connection: psycopg.Connection[Any], schema: str, models: Iterable[ReadModel]) -> None:
    use_schema(connection, schema)
    for model in models:
        if indexes := tables_of(model).after:
            connection.execute(indexes)
        for table in model.tables:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(schema, table)))


def fill(
    connection: psycopg.Connection[Any],
    schema: str,
    models: Sequence[ReadModel],
    codec: Codec,
    after: int,
    until: int,
) -> None:
    """Take the tables from one position to another, in the caller's transaction."""
    put(connection, schema, models, decode(codec, read(connection, after, until, unwanted(models))))


def put(connection: psycopg.Connection[Any], schema: str, models: Iterable[ReadModel], events: list[Event]) -> None:
    for model in models:
        apply(connection, schema, model, events)


def batches(
    connection: psycopg.Connection[Any], models: Sequence[ReadModel], codec: Codec, after: int, size: int
) -> Iterator[tuple[int, int, list[Event]]]:
    """All that is recorded after a position, in batches (until, total, events), each read while the last is written.

    Ends when everything is read, what was recorded meanwhile included. The connection is used by another thread.
    """
    skipped = unwanted(models)

    def take(after: int) -> tuple[int, int, list[Event]]:
        total = head(connection)
        until = min(after + size, total)
        return until, total, decode(codec, read(connection, after, until, skipped)) if until > after else []

    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(take, after)
        while True:
            until, total, events = coming.result()
            if until <= after:
                return
            coming = reader.submit(take, until)
            yield until, total, events
            after = until
