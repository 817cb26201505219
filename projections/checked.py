"""Word of the last check, for whoever watches: what it found, and how long ago it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

_NOW: Final = "SELECT clock_timestamp()"
_KEEP: Final = "INSERT INTO read.checked (checked_at, findings) VALUES (%s, %s)"
_LAST: Final = """
SELECT findings, extract(epoch FROM clock_timestamp() - checked_at)::float8 AS age_seconds
  FROM read.checked ORDER BY number DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    findings: int
    age_seconds: float


def time_of(conninfo: str) -> datetime:
    """By the clock of the database: to be asked before a check begins."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        ((now,),) = connection.cursor(row_factory=tuple_row).execute(_NOW).fetchall()
    instant: datetime = now
    return instant


def tell(conninfo: str, began: datetime, findings: int) -> None:
    """Keep how much a check found; of one that failed there is no word."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_KEEP, (began, findings))


def last_check(connection: Connection[Any]) -> Checked | None:
    """None: nobody has ever checked."""
    return connection.cursor(row_factory=class_row(Checked)).execute(_LAST).fetchone()
