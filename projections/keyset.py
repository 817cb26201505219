"""Keyset pages: order by whitelisted keys, go on behind the last row seen, carried in an opaque cursor."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

import orjson
from psycopg import sql

from projections.rows import fixed

Kind = Literal["text", "integer", "date", "instant"]

_CASTS: Final[dict[Kind, sql.SQL]] = {
    "text": sql.SQL("text"),
    "integer": sql.SQL("bigint"),
    "date": sql.SQL("date"),
    "instant": sql.SQL("timestamptz"),
}
_BIGGEST: Final = 2**63 - 1
_INSTANT: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?[+-][0-9]{2}(:[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """Something to sort by: an SQL expression that is never null, and what kind of value it has."""

    expression: sql.Composable
    kind: Kind


Keys = tuple[tuple[Key, bool], ...]
"""With direction (True: descending)."""


@dataclass(frozen=True, slots=True)
class Order:
    """A parsed sort. The last key tells all rows apart."""

    spec: str
    keys: Keys

    @property
    def first(self) -> str:
        """The name of the first key."""
        return self.spec.partition(",")[0].strip().removeprefix("-")

    def order_by(self) -> sql.SQL:
        return _order_by(self.keys)

    def named(self) -> tuple[sql.Composed, sql.Composed]:
        """The keys as columns with names, and the same order by these: for what is asked around an ordered query."""
        names = [sql.Identifier(f"_key{n}") for n in range(len(self.keys))]
        columns = [
            sql.SQL("{} AS {}").format(key.expression, name) for (key, _), name in zip(self.keys, names, strict=True)
        ]
        parts = [
            sql.SQL("{} {}").format(name, _direction(down)) for (_, down), name in zip(self.keys, names, strict=True)
        ]
        return sql.SQL(", ").join(columns), sql.SQL(", ").join(parts)

    def cursor_column(self) -> sql.SQL:
        """The sort keys of a row as a text array."""
        return _cursor_column(self.keys)

    def after(self, values: Sequence[str]) -> tuple[sql.Composed, dict[str, str]]:
        """The condition for rows behind `values`, and its parameters."""
        arguments = {f"_after{n}": value for n, value in enumerate(values)}
        bounds = [
            sql.SQL("{}::{}").format(sql.Placeholder(f"_after{n}"), _CASTS[key.kind])
            for n, (key, _) in enumerate(self.keys)
        ]
        if len({down for _, down in self.keys}) == 1:
            row = sql.SQL("({}) {} ({})").format(
                sql.SQL(", ").join([key.expression for key, _ in self.keys]),
                sql.SQL("<" if self.keys[0][1] else ">"),
                sql.SQL(", ").join(bounds),
            )
            return row, arguments
        return self._step_by_step(bounds), arguments

    def _step_by_step(self, bounds: Sequence[sql.Composed]) -> sql.Composed:
        """Mixed directions: behind in the first key, or equal there and behind in the second, and so on."""
        cases = []
        for n, (key, down) in enumerate(self.keys):
            equal = [
                sql.SQL("{} = {}").format(before.expression, bound)
                for (before, _), bound in zip(self.keys[:n], bounds, strict=False)
            ]
            behind = sql.SQL("{} {} {}").format(key.expression, sql.SQL("<" if down else ">"), bounds[n])
            cases.append(sql.SQL(" AND ").join([*equal, behind]))
        first, down = self.keys[0]
        bound = sql.SQL("{} {} {}").format(first.expression, sql.SQL("<=" if down else ">="), bounds[0])
        return sql.SQL("{} AND (({}))").format(bound, sql.SQL(") OR (").join(cases))  # the bound is for the index


@lru_cache
def _order_by(keys: Keys) -> sql.SQL:
    parts = [sql.SQL("{} {}").format(key.expression, _direction(down)) for key, down in keys]
    return fixed(sql.SQL(", ").join(parts))


@lru_cache
def _cursor_column(keys: Keys) -> sql.SQL:
    parts = [sql.SQL("({})::text").format(key.expression) for key, _ in keys]
    return fixed(sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(parts)))


def _direction(down: bool) -> sql.SQL:
    return sql.SQL("DESC" if down else "ASC")


def parse_sort(spec: str, allowed: Mapping[str, Key], last: str) -> Order:
    """Read `-due_date,number`; raises ValueError for names that are not allowed. `last` makes the order total."""
    keys: dict[str, tuple[Key, bool]] = {}
    for word in spec.split(","):
        name = word.strip().removeprefix("-")
        if name not in allowed or name in keys:
            raise ValueError(f"sort: {word.strip()!r} is not one of {', '.join(allowed)} (with - for descending), once")
        keys[name] = (allowed[name], word.strip().startswith("-"))
    if last not in keys:
        keys[last] = (allowed[last], next(iter(keys.values()))[1])
    return Order(spec, tuple(keys.values()))


def to_cursor(order: Order, values: Sequence[str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([order.spec, *values])).decode().rstrip("=")


def from_cursor(order: Order, cursor: str) -> tuple[str, ...]:
    """The values in a cursor; raises ValueError for one that was not made by `to_cursor` for the same order."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        spec, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        _check_all(order, spec, values)
    except (ValueError, TypeError, binascii.Error) as error:
        raise ValueError(f"after: not a cursor of this list: {cursor!r}") from error
    return tuple(values)


def _check_all(order: Order, spec: object, values: Sequence[object]) -> None:
    if spec != order.spec:
        raise ValueError("made for another order")
    for (key, _), value in zip(order.keys, values, strict=True):
        _check(key.kind, value)


def _check(kind: Kind, value: object) -> None:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text that a database can hold")
    if kind == "integer" and (not -_BIGGEST <= int(value) <= _BIGGEST or str(int(value)) != value):
        raise ValueError("not an integer as the database writes it")
    if kind == "date" and date.fromisoformat(value).isoformat() != value:
        raise ValueError("not a date as the database writes it")
    if kind == "instant" and (not _INSTANT.fullmatch(value) or datetime.fromisoformat(value).tzinfo is None):
        raise ValueError("not an instant as the database writes it")
