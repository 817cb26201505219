"""Reading rows of read models into frozen dataclasses, whatever the caller's connection is set up for."""

from collections.abc import Mapping
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import RowFactory, class_row
from psycopg.types.string import TextLoader

T = TypeVar("T")

Query = LiteralString | sql.SQL | sql.Composed
Connection = psycopg.Connection[Any]

HIGHEST_LIMIT: Final = 100


def fetch(connection: Connection, into: type[T], query: Query, arguments: Mapping[str, object]) -> list[T]:
    """All rows as instances of `into`, by column name; UUIDs and JSON come as text."""
    with connection.cursor(row_factory=rows_of(into)) as cursor:
        as_text(cursor)
        return cursor.execute(query, arguments).fetchall()


def rows_of(into: type[T]) -> RowFactory[T]:
    """Rows by column name; those of a named tuple, which is much faster, by position: ask for columns in its order."""
    if not issubclass(into, tuple):
        return class_row(into)
    return lambda _: lambda values: into(*values)


def fetch_one(connection: Connection, into: type[T], query: Query, arguments: Mapping[str, object]) -> T | None:
    found = fetch(connection, into, query, arguments)
    return found[0] if found else None


def as_text(cursor: psycopg.Cursor[Any]) -> None:
    """Let a cursor give UUIDs and JSON as text: ids are text in the domain, and JSON has typed decoders."""
    cursor.adapters.register_loader("uuid", TextLoader)
    cursor.adapters.register_loader("jsonb", TextLoader)


def fixed(query: sql.Composed) -> sql.SQL:
    """A part of a query that is always the same, put together once and not for each caller."""
    return sql.SQL(query.as_string(None))


def check_limit(limit: int) -> int:
    if not 1 <= limit <= HIGHEST_LIMIT:
        raise ValueError(f"limit: between 1 and {HIGHEST_LIMIT}, not {limit}")
    return limit


def like_anywhere(word: str) -> str:
    """A LIKE pattern that finds `word` as it is, whatever wildcards it contains."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
