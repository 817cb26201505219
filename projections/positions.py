"""How far each read model has come: waiting for it, measuring how far it is behind."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from projections.feed import head

FIRST_PAUSE_SECONDS: Final = 0.002
LONGEST_PAUSE_SECONDS: Final = 0.05

_REACHED: Final = (
    "SELECT count(*) = cardinality(%(models)s::text[]) FROM read.position"
    " WHERE model = ANY(%(models)s) AND position >= %(position)s"
)
_ALL: Final = "SELECT model, position, error FROM read.position ORDER BY model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Where the feed ends, how many facts each read model is behind, and which are halted, with the reason."""

    head: int
    behind: Mapping[str, int]
    halted: Mapping[str, str]

    @property
    def most_behind(self) -> int:
        return max(self.behind.values(), default=0)


def wait_for(connection: psycopg.Connection[Any], models: Iterable[str], position: int, timeout_seconds: float) -> bool:
    """Wait until all the read models have come to `position`; False when they have not in time.

    Takes a connection in autocommit mode, which sees what others commit meanwhile.
    """
    deadline = time.monotonic() + timeout_seconds
    arguments = {"models": sorted(set(models)), "position": position}
    pause = FIRST_PAUSE_SECONDS
    with connection.cursor(row_factory=tuple_row) as cursor:
        while cursor.execute(_REACHED, arguments).fetchone() != (True,):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
    return True


def lag(connection: psycopg.Connection[Any]) -> Lag:
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_ALL).fetchall()
    end = head(connection)
    return Lag(
        head=end,
        behind={model: max(end - position, 0) for model, position, _ in rows},
        halted={model: error for model, _, error in rows if error is not None},
    )
