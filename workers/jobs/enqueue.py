"""Wishes become jobs, in the transaction of whoever wishes: a place moves together with what follows from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.types.json import Jsonb

from workers.jobs.job import Wish
from workers.jobs.statements import DURABLY

CHANNEL: Final = "izvor_jobs"
"""Where workers hear that there may be something to do."""

# The same wish again is silent, unless its cause had gone away and nothing went out.
_ENQUEUE: Final = """
INSERT INTO work.job AS j (organization_id, queue, effect_key, lock_key, destination, payload, status, run_at,
                           expires_at, max_attempts, traceparent)
VALUES (%(organization_id)s, %(queue)s, %(effect_key)s, %(lock_key)s, %(destination)s, %(payload)s, 'ready', %(now)s,
        %(expires_at)s, %(max_attempts)s, %(traceparent)s)
ON CONFLICT (effect_key) DO UPDATE
   SET status = 'ready', payload = excluded.payload, run_at = excluded.run_at, expires_at = excluded.expires_at,
       max_attempts = j.attempt + excluded.max_attempts, outcome = NULL, traceparent = excluded.traceparent,
       changed_at = clock_timestamp()
 WHERE j.status = 'withdrawn'
RETURNING true
"""
_BURY: Final = """
INSERT INTO work.job (organization_id, queue, effect_key, lock_key, destination, payload, status, expires_at,
                      max_attempts, outcome, recorded_position)
VALUES (%(organization_id)s, %(queue)s, %(effect_key)s, %(lock_key)s, %(destination)s, %(payload)s, 'dead',
        %(expires_at)s, %(max_attempts)s, jsonb_build_object('reason', %(reason)s::text), 0)
ON CONFLICT (effect_key) DO NOTHING
RETURNING true
"""
_TURN: Final = "INSERT INTO work.turn (queue, organization_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_DESTINATION: Final = "INSERT INTO work.destination (name) VALUES (%s) ON CONFLICT DO NOTHING"
_NOTIFY: Final = "NOTIFY izvor_jobs"


def enqueue(connection: Connection[Any], wishes: Iterable[Wish], now: datetime) -> int:
    """Write jobs for wishes that have none; returns how many are new. Workers hear of them at the commit."""
    new = sum(_enqueue(connection, wish, now) for wish in wishes)
    if new:
        connection.execute(_NOTIFY)
    return new


def bury(connection: Connection[Any], wish: Wish, reason: str, now: datetime) -> None:
    """Write down, durably, what came to nothing before it was a job, for people to decide about it."""
    connection.execute(DURABLY)
    _insert(connection, _BURY, wish, {**_arguments(wish, now), "reason": reason})


def _enqueue(connection: Connection[Any], wish: Wish, now: datetime) -> bool:
    return _insert(connection, _ENQUEUE, wish, _arguments(wish, now))


def _insert(connection: Connection[Any], statement: str, wish: Wish, arguments: Mapping[str, Any]) -> bool:
    if connection.execute(statement, arguments).fetchone() is None:
        return False
    connection.execute(_TURN, (wish.queue, wish.organization_id))
    connection.execute(_DESTINATION, (wish.destination,))
    return True


def _arguments(wish: Wish, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": wish.organization_id,
        "queue": wish.queue,
        "effect_key": wish.effect_key,
        "lock_key": wish.lock_key,
        "destination": wish.destination,
        "payload": Jsonb(dict(wish.payload)),
        "now": now,
        "expires_at": now + wish.max_age,
        "max_attempts": wish.max_attempts,
        "traceparent": wish.traceparent,
    }
