"""Whole read models as values, to compare them."""

from typing import Any

import psycopg
from psycopg import sql

from projections.catalogue import MODELS

Rows = dict[str, list[str]]


def rows_of(conninfo: str) -> Rows:
    """Every row of every read model as JSON text, sorted."""
    found: Rows = {}
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for table in (table for model in MODELS for table in model.tables):
            query = sql.SQL("SELECT to_jsonb(t)::text FROM {} t ORDER BY 1").format(sql.Identifier("read", table))
            found[table] = [row for (row,) in connection.execute(query).fetchall()]
    return found


def positions_of(conninfo: str) -> dict[str, tuple[int, str | None]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        rows: list[Any] = connection.execute("SELECT model, position, error FROM read.position").fetchall()
    return {model: (position, error) for model, position, error in rows}
