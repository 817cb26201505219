"""What a read model is: pure functions from facts to rows, and the names of the tables that hold them.

Nothing here or in any `project.py` knows a database; `store.py` moves the rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

S = TypeVar("S")

Row = tuple[Any, ...]


class Event(NamedTuple):
    """A recorded fact as projections see it; `at` is when it was recorded."""

    stream_id: str
    version: int
    fact: Any
    at: datetime
    position: int
    organization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed(Generic[S]):
    """A table with one row per stream; the first column is the id of the stream.

    `revive` makes a working state of a stored row and `render` a row of the state; between them `fold` may change the
    state in place. `begins` are the facts before which a stream has no row. Rows of a `write_once` table stay as their
    first fact left them: a memory for `Appended.rows`.
    """

    table: str
    columns: tuple[str, ...]
    begins: frozenset[type]
    revive: Callable[[Row], S]
    fold: Callable[[S | None, Event], S]
    render: Callable[[S], Row]
    write_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended(Generic[S]):
    """A table that only grows: each fact gives rows, made from it and the state of its stream, if any.

    Rows carry the `position` of their fact. With `types` (of its columns in PostgreSQL) the table is a set instead: a
    row that is there already is left out, and none ever leaves. What may be erased does not go into a set.
    """

    table: str
    columns: tuple[str, ...]
    rows: Callable[[S | None, Event], Iterable[Row]]
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel:
    """One read model. Raise `version` when its rows change without a change of its schema.sql."""

    name: str
    facts: frozenset[type]
    keyed: Keyed[Any] | None = None
    appended: Appended[Any] | None = None
    version: int = 1

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(part.table for part in (self.keyed, self.appended) if part is not None)
