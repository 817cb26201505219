"""Building read models from the first fact, in a schema of their own, to switch to or to compare with."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql

from invoicing_domain.recording.codec import Codec
from projections.feed import decode, read, unwanted
from projections.readmodel import ReadModel
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
    events = decode(codec, read(connection, after, until, unwanted(models)))
    for model in models:
        apply(connection, schema, model, events)
