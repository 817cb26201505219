"""The tables of read models as SQL: their text, their parts, and the fingerprint by which a stale table is known."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

import psycopg
from psycopg import sql

from projections.readmodel import ReadModel

_AFTER_ROWS: Final = "-- after the rows:"


@dataclass(frozen=True, slots=True)
class Tables:
    """What schema.sql of a read model says: tables first, then what is cheaper to make when they are full."""

    before: bytes
    after: bytes
    shape: str


def indexes_of(model: ReadModel) -> list[bytes]:
    """The statements after the rows, one by one, each index with a name of its own.

    Left to choose, two sessions that index one table at a time choose the same name.
    """
    statements = [one for one in tables_of(model).after.split(b";\n") if not _is_comment(one)]
    return [
        one.replace(b"INDEX ON", b"INDEX %s_%d ON" % (model.name.encode(), number), 1)
        for number, one in enumerate(statements, start=1)
    ]


def _is_comment(statement: bytes) -> bool:
    return all(not line.strip() or line.lstrip().startswith(b"--") for line in statement.splitlines())


def tables_of(model: ReadModel) -> Tables:
    text = files("projections").joinpath(model.name, "schema.sql").read_text(encoding="utf-8")
    before, _, after = text.partition(_AFTER_ROWS)
    comment, _, indexes = after.partition("\n")
    del comment
    return Tables(before.encode(), indexes.encode(), f"{model.version}:{sha256(text.encode()).hexdigest()[:16]}")


def use_schema(connection: psycopg.Connection[object], schema: str) -> None:
    """Unqualified names mean this schema, to the end of the transaction."""
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
