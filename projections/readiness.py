"""Whether a process can do its work now: what health checks of API, projections and workers ask of the database.

Each check returns what is wrong, or None; errors of the database are the caller's to word.
"""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from projections.catalogue import MODELS
from projections.positions import lag
from projections.schemas import tables_of

MOST_BEHIND: Final = 10_000
"""Facts that a read model may be behind before lists are called stale."""

WITHIN_A_SECOND: Final = "SET LOCAL statement_timeout = '1s'"
"""For the transaction of a check: who asks does not wait longer."""

_SHAPES: Final = "SELECT model, shape FROM read.position"
_SCHEMA: Final = "SELECT coalesce(max(number), 0) FROM izvor.schema_step"


def store(connection: Connection[Any]) -> str | None:
    connection.execute("SELECT izvor.head()")
    return None


def schema(connection: Connection[Any], expected: int) -> str | None:
    row = connection.cursor(row_factory=tuple_row).execute(_SCHEMA).fetchone()
    found = row[0] if row else 0
    if found == expected:
        return None
    return f"the database has schema version {found}, this version of Izvor needs {expected}: run `izvor migrate`"


def projections(connection: Connection[Any]) -> str | None:
    found = lag(connection)
    if not found.behind:
        return "no read model has been built yet"
    if found.halted:
        return f"halted: {', '.join(sorted(found.halted))}"
    if found.most_behind > MOST_BEHIND:
        return f"{found.most_behind} facts behind"
    return None


def outdated(connection: Connection[Any]) -> list[str]:
    """Read models whose tables were made by another version of this program: they cannot be read until rebuilt."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        shapes: dict[str, str] = dict(cursor.execute(_SHAPES).fetchall())
    return sorted(model.name for model in MODELS if shapes.get(model.name) != tables_of(model).shape)
