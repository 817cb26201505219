"""For which organization a thread works: told to each connection that it is lent, so that the database hides the rest.

Row-level security compares `organization_id` with the setting `izvor.organization` of the session (`isolation.sql`).
`SET LOCAL` would end with its statement on connections in autocommit mode, and a setting that is made once stays with a
connection that the pool lends to the next one. So the setting is compared at every lending, by this side's memory of
what the connection was told last: the same organization as before costs nothing, another one (or nobody) one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from weakref import WeakKeyDictionary

from psycopg import Connection

SETTING: Final = "izvor.organization"
NOBODY: Final = ""
"""Sees no rows at all: what a new connection, and a thread that has not said for whom it works, stands for."""

_UNKNOWN: Final = "?"
_WHOEVER: Final = "*"
_TELL: Final = "SELECT set_config('izvor.organization', %s, false)"

_organization: ContextVar[str] = ContextVar("organization", default=NOBODY)


def work_for(organization_id: str) -> None:
    """From now on this thread sees and records what belongs to one organization."""
    _organization.set(organization_id)


def work_for_nobody() -> None:
    _organization.set(NOBODY)


@contextmanager
def asking_for_nothing_of_anybody() -> Iterator[None]:
    """Within, connections are lent as they stand: only for what no policy of rows rules, as whose a token is."""
    before = _organization.set(_WHOEVER)
    try:
        yield
    finally:
        _organization.reset(before)


class Lending:
    """Tells connections of a pool for whom they are lent; to be called at every check-out."""

    def __init__(self) -> None:
        self._told: WeakKeyDictionary[Connection[Any], str] = WeakKeyDictionary()

    def __call__(self, connection: Connection[Any]) -> None:
        wanted = _organization.get()
        if wanted in (_WHOEVER, self._told.get(connection, NOBODY)):
            return
        self._told[connection] = _UNKNOWN  # until the server has said yes
        connection.execute(_TELL, (wanted,), prepare=True)
        self._told[connection] = wanted
