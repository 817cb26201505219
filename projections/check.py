"""Proving what is read against what was recorded: `izvor check`.

Everything is looked at in one snapshot, beside live traffic. Tables for comparison are built inside the transaction and
vanish with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from invoicing_domain.recording.sealing import BrokenSeal
from projections.building import fill, make_tables
from projections.catalogue import MODELS
from projections.feed import Decoding
from projections.readmodel import ReadModel

BATCH_SIZE: Final = 10_000
SHOWN: Final = 5
"""How many rows of one kind are named; the rest is counted."""

LONGEST_DETAIL: Final = 500

Json = dict[str, Any]

_SCRATCH: Final = "read_check"
_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
_POSITIONS: Final = "SELECT model, position, error FROM read.position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it must be."""

    check: str
    subject: str
    detail: str


def check(conninfo: str, *, models: Sequence[ReadModel] = MODELS, secret_key: str | None = None) -> Iterator[Finding]:
    """All findings, as they are found; none means that facts and read models agree to the last ban."""
    with psycopg.connect(conninfo, autocommit=True) as connection, connection.transaction(force_rollback=True):
        connection.execute(_SNAPSHOT)
        yield from _facts(connection)
        with connection.cursor(row_factory=tuple_row) as cursor:
            stored = {name: (position, error) for name, position, error in cursor.execute(_POSITIONS).fetchall()}
        for model in models:
            if model.name not in stored:
                yield Finding(check="read models", subject=model.name, detail="is not installed: run izvor migrate")
                continue
            if (error := stored[model.name][1]) is not None:
                yield Finding(check="read models", subject=model.name, detail=f"is halted: {error}")
        built = [model for model in models if model.name in stored]
        yield from _compare(
            connection, built, {model.name: stored[model.name][0] for model in built}, Decoding(secret_key)
        )
        if len({stored[model.name][0] for model in built}) == 1:
            yield from _questions(connection, "between")


def _facts(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    yield from _questions(connection, "facts")


def _questions(connection: psycopg.Connection[Any], file: str) -> Iterator[Finding]:
    """Run each question of a file; every row of an answer (subject, detail) is a finding."""
    text = files("projections").joinpath("questions", f"{file}.sql").read_text(encoding="utf-8")
    for part in text.split("-- check: ")[1:]:
        name, _, question = part.partition("\n")
        with connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(question.encode()).fetchall()
        yield from _shown(name.strip(), [(str(subject), str(detail)) for subject, detail in rows])


def _shown(check_name: str, rows: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    for subject, detail in rows[:SHOWN]:
        yield Finding(check=check_name, subject=subject, detail=detail)
    if len(rows) > SHOWN:
        yield Finding(check=check_name, subject="more", detail=f"{len(rows) - SHOWN} more of this kind")


def _compare(
    connection: psycopg.Connection[Any], models: Sequence[ReadModel], positions: dict[str, int], decoding: Decoding
) -> Iterator[Finding]:
    """Fold all facts anew up to where each read model stands, and look for rows that only one side has."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_SCRATCH)))
    make_tables(connection, _SCRATCH, models)
    for position in sorted(set(positions.values())):
        group = [model for model in models if positions[model.name] == position]
        for after in range(0, position, BATCH_SIZE):
            until = min(after + BATCH_SIZE, position)
            try:
                fill(connection, _SCRATCH, group, decoding, after, until)
            except BrokenSeal as broken:
                yield Finding(check="stored facts", subject=f"{after + 1} to {until}", detail=str(broken))
                return
        for model in group:
            for table in model.tables:
                yield from _difference(connection, model, table)


def _difference(connection: psycopg.Connection[Any], model: ReadModel, table: str) -> Iterator[Finding]:
    live, fresh = sql.Identifier("read", table), sql.Identifier(_SCRATCH, table)
    wrong, right = _only_in(connection, live, fresh), _only_in(connection, fresh, live)
    for key in sorted({*wrong, *right})[:SHOWN]:
        detail = _in_words(wrong.get(key), right.get(key))
        yield Finding(check=f"read model {model.name}", subject=f"{table} {key}", detail=detail[:LONGEST_DETAIL])


def _only_in(connection: psycopg.Connection[Any], left: sql.Identifier, right: sql.Identifier) -> dict[str, Json]:
    """Rows of one table that the other has not, by their first column."""
    query = sql.SQL("SELECT row_to_json(d) FROM (TABLE {} EXCEPT ALL TABLE {} ORDER BY 1 LIMIT {}) d").format(
        left, right, sql.Literal(SHOWN)
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {str(next(iter(row.values()))): row for (row,) in cursor.execute(query).fetchall()}


def _in_words(wrong: Json | None, right: Json | None) -> str:
    if right is None or wrong is None:
        return "is there, but no fact says so" if right is None else "is missing"
    differences = ((name, wrong[name], value) for name, value in right.items() if wrong[name] != value)
    return ", ".join(f"{name} is {shown}, by the facts {value}" for name, shown, value in differences)
