"""Rebuilding read models: beside the live tables, while the runner works on, then one switch.

A rebuild that was broken off leaves the live tables as they were; the next one begins anew.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from invoicing_domain.recording.isolation import isolate
from projections.building import batches, fill, make_indexes, make_tables, put
from projections.catalogue import by_name
from projections.collector import paused
from projections.feed import Decoding, head
from projections.install import make_functions, make_views
from projections.readmodel import ReadModel
from projections.runner import claim
from projections.schemas import tables_of

BATCH_SIZE: Final = 15_000
SWITCH_ATTEMPTS: Final = 20
SWITCH_PAUSE_SECONDS: Final = 0.5

NEXT: Final = "read_next"
_LIVE: Final = "read"
_PAST: Final = "read_past"

# "IZVO": one rebuild at a time.
_LOCK: Final = "SELECT pg_advisory_lock(1230657103)"
_FRESH: Final = sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(sql.Identifier(NEXT))
_NO_WAIT_FOR_DISK: Final = "SET LOCAL synchronous_commit = off"
_IMPATIENT: Final = "SET LOCAL lock_timeout = '2s'"
_KNOW: Final = "INSERT INTO read.position (model, shape) VALUES (%s, %s) ON CONFLICT (model) DO NOTHING"
_MOVE: Final = (
    "UPDATE read.position SET position = %(position)s, shape = %(shape)s, error = NULL, updated_at = now()"
    " WHERE model = %(model)s"
)
# All views but the one over the facts themselves, which must not be locked.
_VIEWS: Final = "SELECT viewname FROM pg_views WHERE schemaname = 'bi' AND viewname <> 'events' ORDER BY viewname"
_EXISTS: Final = "SELECT to_regclass(%(table)s) IS NOT NULL"
_GRANTS: Final = (
    "SELECT format('GRANT %%s ON TABLE %%s TO %%s', a.privilege_type, %(table)s::text,"
    " CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)"
    " FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = %(table)s::regclass AND a.grantee <> c.relowner"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Facts projected of all that there are; `switched` when the new tables are the live ones."""

    done: int
    total: int
    switched: bool = False


def rebuild(
    conninfo: str, names: Sequence[str] = (), *, secret_key: str | None = None, batch_size: int = BATCH_SIZE
) -> Iterator[Progress]:
    """Rebuild the read models of these names (none: all); goes on as the progress is read."""
    models = by_name(tuple(names))
    decoding = Decoding(secret_key)
    with (
        psycopg.connect(conninfo, autocommit=True) as connection,
        psycopg.connect(conninfo, autocommit=True) as reader,
    ):
        connection.execute(_LOCK)
        _begin(connection, models)
        done = yield from _catch_up(connection, reader, models, decoding, 0, batch_size)
        make_indexes((connection, reader), NEXT, models)
        done = yield from _catch_up(connection, reader, models, decoding, done, batch_size)
        done = _switch_patiently(connection, models, decoding, done)
        yield Progress(done=done, total=done, switched=True)


def _begin(connection: psycopg.Connection[Any], models: Sequence[ReadModel]) -> None:
    with connection.transaction():
        connection.execute(_FRESH)
        make_functions(connection)
        make_tables(connection, NEXT, models)
        for model in models:
            connection.execute(_KNOW, (model.name, tables_of(model).shape))


def _catch_up(
    connection: psycopg.Connection[Any],
    reader: psycopg.Connection[Any],
    models: Sequence[ReadModel],
    decoding: Decoding,
    done: int,
    batch_size: int,
) -> Generator[Progress, None, int]:
    """Project what is recorded after `done`; returns how far that went."""
    with paused():
        for until, total, events in batches(reader, models, decoding, done, batch_size):
            with connection.transaction():
                connection.execute(_NO_WAIT_FOR_DISK)
                put(connection, NEXT, models, decoding, events, until)
            done = until
            yield Progress(done=done, total=total)
    return done


def _switch_patiently(
    connection: psycopg.Connection[Any], models: Sequence[ReadModel], decoding: Decoding, done: int
) -> int:
    """Try again while somebody reads: waiting in the lock queue would make everybody wait behind us."""
    for left in reversed(range(SWITCH_ATTEMPTS)):
        try:
            return _switch(connection, models, decoding, done)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if left == 0:
                raise
            time.sleep(SWITCH_PAUSE_SECONDS)
    raise AssertionError("the last attempt returns or raises")


def _switch(connection: psycopg.Connection[Any], models: Sequence[ReadModel], decoding: Decoding, done: int) -> int:
    """The runner waits for the positions; what it did meanwhile is folded in; new tables take the old ones' names."""
    with connection.transaction():
        connection.execute(_IMPATIENT)
        claim(connection, models)
        end = head(connection)
        fill(connection, NEXT, models, decoding, done, end)
        _lock_views(connection)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_PAST)))
        tables = [table for model in models for table in model.tables]
        for table in tables:
            _exchange(connection, table)
        make_views(connection)
        isolate(connection)
        for table in tables:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(_PAST, table)))
        connection.execute(sql.SQL("DROP SCHEMA {}, {}").format(sql.Identifier(_PAST), sql.Identifier(NEXT)))
        for model in models:
            arguments = {"position": end, "shape": tables_of(model).shape, "model": model.name}
            connection.execute(_MOVE, arguments)
    return end


def _lock_views(connection: psycopg.Connection[Any]) -> None:
    """Views first, as their readers lock: view, then table."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        views = [sql.Identifier("bi", name) for (name,) in cursor.execute(_VIEWS).fetchall()]
    if views:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(views)))


def _exchange(connection: psycopg.Connection[Any], table: str) -> None:
    """Put the new table in the place of the live one, with the rights that others have on it."""
    live, grants = sql.Identifier(_LIVE, table), []
    with connection.cursor(row_factory=tuple_row) as cursor:
        name = {"table": live.as_string(connection)}
        if cursor.execute(_EXISTS, name).fetchone() == (True,):
            grants = [grant for (grant,) in cursor.execute(_GRANTS, name).fetchall()]
            cursor.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(live, sql.Identifier(_PAST)))
        new = sql.Identifier(NEXT, table)
        cursor.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(new, sql.Identifier(_LIVE)))
        for grant in grants:
            cursor.execute(grant.encode())
