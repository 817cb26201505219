"""Word of the last check, for whoever watches: what it found, and how long ago it was."""

from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from projections.check import Finding, check

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


def check_and_tell(conninfo: str) -> list[Finding]:
    """Check everything; one that ends halfway leaves no word."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        began = connection.cursor(row_factory=tuple_row).execute(_NOW).fetchone()
        findings = list(check(conninfo))
        connection.execute(_KEEP, (*(began or ()), len(findings)))
    return findings


def last_check(connection: Connection[Any]) -> Checked | None:
    """None: nobody has ever checked."""
    return connection.cursor(row_factory=class_row(Checked)).execute(_LAST).fetchone()
