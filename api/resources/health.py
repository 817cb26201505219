"""Health over HTTP, for load balancers and people."""

from collections.abc import Callable
from typing import Any, Final

import falcon
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool, PoolTimeout

from api.doors import Resource, send
from api.entrance.operations import Operation, operation
from api.shapes import views
from projections.readiness import WITHIN_A_SECOND, projections, schema, store

PING_SECONDS: Final = 1

Pool = ConnectionPool[Connection[Any]]


class Live:
    """The process runs; says nothing about anything else."""

    @operation(Operation(summary="Is the process alive", permission=None, answer=views.HealthView))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        send(resp, views.HealthView(status="ok", checks={}))


class Ready(Resource):
    """Everything that a request needs is there: 200, else 503 with what is not."""

    @operation(Operation(summary="Can requests be served", permission=None, answer=views.HealthView, also=(503,)))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        found = {name: check() for name, check in self._doors.readiness.items()}
        wrong = any(found.values())
        checks = {name: trouble or "ok" for name, trouble in found.items()}
        send(resp, views.HealthView(status="unavailable" if wrong else "ok", checks=checks))
        if wrong:
            resp.status = 503
            resp.set_header("Retry-After", "2")


def store_trouble(reads: Pool) -> str | None:
    """What is wrong with the database, or None."""
    return _asked(reads, store)


def schema_trouble(reads: Pool, expected: int | None) -> str | None:
    """A database that was taken back, or forward, while this process runs."""
    return None if expected is None else _asked(reads, lambda connection: schema(connection, expected))


def projections_trouble(reads: Pool) -> str | None:
    """Read models that have stopped, or are far behind."""
    return _asked(reads, projections)


def _asked(reads: Pool, check: Callable[[Connection[Any]], str | None]) -> str | None:
    try:
        with reads.connection(timeout=PING_SECONDS) as connection, connection.transaction():
            connection.execute(WITHIN_A_SECOND)
            return check(connection)
    except (PoolTimeout, Error) as error:
        return f"the database does not answer: {type(error).__name__}"
