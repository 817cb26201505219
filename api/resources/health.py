"""Health over HTTP, for load balancers and people."""

from typing import Any, Final

import falcon
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool, PoolTimeout

from api.doors import Doors, send
from api.entrance.operations import Operation, operation
from api.shapes import views
from projections.positions import lag

MOST_BEHIND: Final = 10_000
"""Facts that a read model may be behind before lists are called stale."""


class Live:
    """The process runs; says nothing about anything else."""

    @operation(Operation(summary="Is the process alive", permission=None, answer=views.HealthView))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        send(resp, views.HealthView(status="ok", checks={}))


class Ready:
    """Everything that a request needs is there: 200, else 503 with what is not."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(Operation(summary="Can requests be served", permission=None, answer=views.HealthView, also=(503,)))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        found = {name: check() for name, check in self._doors.readiness.items()}
        wrong = any(found.values())
        checks = {name: trouble or "ok" for name, trouble in found.items()}
        send(resp, views.HealthView(status="unavailable" if wrong else "ok", checks=checks))
        if wrong:
            resp.status = 503
            resp.set_header("Retry-After", "2")


def store_trouble(reads: ConnectionPool[Connection[Any]]) -> str | None:
    """What is wrong with the database, or None."""
    try:
        with reads.connection(timeout=2) as connection:
            connection.execute("SELECT izvor.head()")
    except (PoolTimeout, Error) as error:
        return f"the database does not answer: {type(error).__name__}"
    return None


def projections_trouble(reads: ConnectionPool[Connection[Any]]) -> str | None:
    """Read models that have stopped, or are far behind."""
    try:
        with reads.connection(timeout=2) as connection:
            found = lag(connection)
    except (PoolTimeout, Error) as error:
        return f"cannot tell: {type(error).__name__}"
    if not found.behind:
        return "no read model has been built yet"
    if found.halted:
        return f"halted: {', '.join(sorted(found.halted))}"
    if found.most_behind > MOST_BEHIND:
        return f"{found.most_behind} facts behind"
    return None
