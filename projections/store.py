"""Moving rows: loads the touched rows of a read model, lets it fold a batch of facts, writes the rows back."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from projections.readmodel import Appended, Event, Keyed, ReadModel, Row
from projections.rows import as_text

LIVE: Final = "read"

_IS_GUARDED: Final = "SELECT row_security_active(%s)"
_GUARDED: Final[WeakKeyDictionary[psycopg.Connection[Any], dict[str, bool]]] = WeakKeyDictionary()

Write = Callable[[str, tuple[str, ...], Sequence[Row]], None]


def apply(connection: psycopg.Connection[Any], schema: str, model: ReadModel, events: Iterable[Event]) -> None:
    """Bring the tables of one read model from before the events to after them, inside the caller's transaction."""
    wanted = [event for event in events if type(event.fact) in model.facts]
    if not wanted:
        return
    with connection.cursor(row_factory=tuple_row) as cursor:
        as_text(cursor)
        states = _load(cursor, schema, model.keyed, wanted) if model.keyed else {}
        known = set(states)
        appended = fold(model, states, wanted)
        if model.keyed:
            _replace(cursor, schema, model.keyed, states, known)
        if model.appended and appended:
            _append(cursor, schema, model.appended, appended)


def clear(connection: psycopg.Connection[Any], schema: str, model: ReadModel, events: Iterable[Event]) -> None:
    """Take out what whole streams have left in the tables of a read model; a set keeps what it has."""
    wanted = [event for event in events if type(event.fact) in model.facts]
    if model.keyed:
        connection.execute(_delete(schema, model.keyed), ([event.stream_id for event in wanted],))
    if model.appended and not model.appended.types:
        table = sql.Identifier(schema, model.appended.table)
        statement = sql.SQL("DELETE FROM {} WHERE position = ANY(%s)").format(table)
        connection.execute(statement, ([event.position for event in wanted],))


def fold(model: ReadModel, states: dict[str, Any], events: Iterable[Event]) -> list[Row]:
    """Fold events into `states` by stream, and collect the rows to append."""
    appended: list[Row] = []
    keyed, rows = model.keyed, model.appended.rows if model.appended else None
    for event in events:
        state = None
        if keyed is not None:
            state = states[event.stream_id] = keyed.fold(states.get(event.stream_id), event)
        if rows is not None:
            appended.extend(rows(state, event))
    return appended


def _load(cursor: psycopg.Cursor[Any], schema: str, keyed: Keyed[Any], events: Iterable[Event]) -> dict[str, Any]:
    """Working states of the rows that the events touch, but for streams that begin among them."""
    missing: dict[str, bool] = {}
    for event in events:
        missing.setdefault(event.stream_id, type(event.fact) not in keyed.begins)
    keys = [stream for stream, stored in missing.items() if stored]
    if not keys:
        return {}
    return {row[0]: keyed.revive(row) for row in cursor.execute(_select(schema, keyed), (keys,)).fetchall()}


def _replace(
    cursor: psycopg.Cursor[Any], schema: str, keyed: Keyed[Any], states: dict[str, Any], known: set[str]
) -> None:
    """Delete and copy: a new row version is written either way, and this needs no statement per column."""
    if keyed.write_once:
        rows = [keyed.render(state) for stream, state in states.items() if stream not in known]
    else:
        rows = [keyed.render(state) for state in states.values()]
        if known:
            cursor.execute(_delete(schema, keyed), (list(known),))
    if rows:
        copy(cursor, schema, keyed.table, keyed.columns, rows)


def _append(cursor: psycopg.Cursor[Any], schema: str, appended: Appended[Any], rows: Sequence[Row]) -> None:
    """New rows at the end; into a table that is a set, those that are not there."""
    if not appended.types:
        copy(cursor, schema, appended.table, appended.columns, rows)
        return
    columns = [list(values) for values in zip(*sorted(set(rows)), strict=True)]
    cursor.execute(_add(schema, appended), columns)


def copy(cursor: psycopg.Cursor[Any], schema: str, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """COPY; row by row where row-level security holds for our role, since COPY does not know it."""
    if schema == LIVE and _is_guarded(cursor, table):
        cursor.executemany(_insert(schema, table, columns), rows)
        return
    with cursor.copy(_copy(schema, table, columns)) as sink:
        for row in rows:
            sink.write_row(row)


def _columns(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join([sql.Identifier(name) for name in names])


@cache
def _select(schema: str, keyed: Keyed[Any]) -> sql.Composed:
    return sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s::uuid[])").format(
        _columns(keyed.columns), sql.Identifier(schema, keyed.table), sql.Identifier(keyed.columns[0])
    )


@cache
def _delete(schema: str, keyed: Keyed[Any]) -> sql.Composed:
    return sql.SQL("DELETE FROM {} WHERE {} = ANY(%s::uuid[])").format(
        sql.Identifier(schema, keyed.table), sql.Identifier(keyed.columns[0])
    )


@cache
def _add(schema: str, appended: Appended[Any]) -> sql.Composed:
    arrays = [sql.SQL("%s::{}[]").format(sql.Identifier(kind)) for kind in appended.types]
    return sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(schema, appended.table), _columns(appended.columns), sql.SQL(", ").join(arrays)
    )


def _is_guarded(cursor: psycopg.Cursor[Any], table: str) -> bool:
    """Asked once for each table and connection."""
    known = _GUARDED.setdefault(cursor.connection, {})
    if table not in known:
        found = cursor.execute(_IS_GUARDED, (sql.Identifier(LIVE, table).as_string(cursor),)).fetchone()
        known[table] = found is not None and str(found[0]) in {"t", "True"}
    return known[table]


@cache
def _insert(schema: str, table: str, columns: tuple[str, ...]) -> sql.Composed:
    values = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(schema, table), _columns(columns), values)


@cache
def _copy(schema: str, table: str, columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(schema, table), _columns(columns))
