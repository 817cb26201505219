"""Making the tables of read models that a database lacks, and the views over them. Safe to repeat.

A table of an older shape is left alone: its read model halts and says that it wants a rebuild.
"""

from importlib.resources import files
from typing import Any, Final

import psycopg

from invoicing_domain.recording.isolation import isolate
from projections.catalogue import MODELS
from projections.schemas import tables_of, use_schema

# "IZVQ": installing and switching exclude each other.
_LOCK: Final = "SELECT pg_advisory_xact_lock(1230657105)"
_KNOWN: Final = "SELECT model FROM read.position"
_ADD: Final = "INSERT INTO read.position (model, shape) VALUES (%s, %s)"


def install(connection: psycopg.Connection[Any]) -> None:
    with connection.transaction():
        connection.execute(_LOCK)
        make_functions(connection)
        with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
            known = {name for (name,) in cursor.execute(_KNOWN).fetchall()}
        for model in MODELS:
            if model.name not in known:
                tables = tables_of(model)
                use_schema(connection, "read")
                connection.execute(tables.before)
                connection.execute(tables.after)
                connection.execute(_ADD, (model.name, tables.shape))
        make_views(connection)
        isolate(connection)


def make_functions(connection: psycopg.Connection[Any]) -> None:
    connection.execute(files("projections").joinpath("functions.sql").read_bytes())


def make_views(connection: psycopg.Connection[Any]) -> None:
    """(Re)define the public views: columns may be added at the end, never taken away or changed."""
    connection.execute(files("projections").joinpath("bi", "views.sql").read_bytes())
    connection.execute(files("projections").joinpath("invoice_search", "functions.sql").read_bytes())
