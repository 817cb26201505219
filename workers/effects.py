"""Effects: the durable book of what workers do in the outside world.

A worker claims an effect, and the claim is on disk, before anything leaves the house. Who dies in between leaves
`sending` behind; when its lease is over this becomes `in_doubt`, which no machine repeats: where the other side cannot
tell a second mail from the first, at most once is the only promise that can be kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

import psycopg
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from workers.policies.backoff import MAX_ATTEMPTS

Status = Literal["ready", "sending", "sent", "in_doubt", "dead", "cancelled"]

LEASE: Final = timedelta(minutes=15)
"""Longer than the slowest hand-over: a dozen exchanges with a mail server, each with a time limit of its own."""

_CLAIM: Final = """
INSERT INTO work.effect AS e (effect_key, organization_id, queue, lock_key, payload, status, run_at, attempt,
                              max_attempts, worker_id, lease_until)
VALUES (%(effect_key)s, %(organization_id)s, %(queue)s, %(lock_key)s, %(payload)s, 'sending', %(now)s, 1,
        %(max_attempts)s, %(worker_id)s, clock_timestamp() + %(lease)s)
ON CONFLICT (effect_key) DO UPDATE
   SET status = 'sending', payload = excluded.payload, attempt = e.attempt + 1, worker_id = excluded.worker_id,
       lease_until = excluded.lease_until, changed_at = clock_timestamp()
 WHERE e.status = 'ready' AND e.run_at <= %(now)s
RETURNING attempt
"""
# Whatever the role's habit: a claim that a power cut undoes is a mail that goes out twice. What is written afterwards
# may be lost, because without it the effect is in doubt.
_DURABLY: Final = """
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'
"""
# An answer that comes after the lease is over still settles the doubt: nobody else has touched the effect since.
_FINISH: Final = """
UPDATE work.effect
   SET status = CASE WHEN %(status)s = 'ready' AND attempt >= max_attempts THEN 'dead' ELSE %(status)s END,
       run_at = coalesce(%(run_at)s, run_at), outcome = %(outcome)s, lease_until = NULL, changed_at = clock_timestamp()
 WHERE effect_key = %(effect_key)s AND worker_id = %(worker_id)s AND attempt = %(attempt)s
   AND status IN ('sending', 'in_doubt')
RETURNING status
"""
_WITHDRAW: Final = """
DELETE FROM work.effect
 WHERE effect_key = %(effect_key)s AND worker_id = %(worker_id)s AND attempt = %(attempt)s AND status = 'sending'
"""
_FORGET: Final = "DELETE FROM work.effect WHERE effect_key = %(effect_key)s AND status = 'ready'"
_EXPIRE: Final = """
UPDATE work.effect SET status = 'in_doubt', lease_until = NULL, changed_at = clock_timestamp(),
       outcome = jsonb_build_object('reason', 'the worker died between the claim and the answer')
 WHERE queue = %(queue)s AND status = 'sending' AND lease_until < clock_timestamp()
RETURNING effect_key, organization_id::text, queue, payload, status, run_at, attempt, outcome
"""
_SELECT: Final = (
    "SELECT effect_key, organization_id::text, queue, payload, status, run_at, attempt, outcome FROM work.effect"
)
_WAITING: Final = _SELECT + " WHERE queue = %(queue)s AND status = 'ready' AND run_at <= %(now)s ORDER BY run_at"
_UNRECORDED: Final = (
    _SELECT + " WHERE queue = %(queue)s AND status = 'sent' AND recorded_position IS NULL ORDER BY changed_at"
)
_FOR_PEOPLE: Final = (
    _SELECT + " WHERE organization_id = %(organization_id)s AND status IN ('in_doubt', 'dead') ORDER BY changed_at"
)
_FIND: Final = _SELECT + " WHERE effect_key = %(effect_key)s"
_RECORDED: Final = """
UPDATE work.effect SET recorded_position = %(position)s, changed_at = clock_timestamp()
 WHERE effect_key = %(effect_key)s AND status = 'sent' AND recorded_position IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An effect that somebody wants: its key follows from its cause, so that the same wish twice is one effect."""

    effect_key: str
    organization_id: str
    queue: str
    lock_key: str
    payload: Mapping[str, Any]
    max_attempts: int = MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry an effect out, once."""

    effect_key: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An effect as it stands in the book."""

    effect_key: str
    organization_id: str
    queue: str
    payload: Mapping[str, Any]
    status: Status
    run_at: datetime
    attempt: int
    outcome: Mapping[str, Any] | None


class Effects:
    """The book, as one worker process sees it. Safe to share between threads."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], *, worker_id: str, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._worker_id = worker_id
        self._lease = lease

    def claim(self, wish: Wish, now: datetime) -> Claim | None:
        """Take the effect, durably; None when it is done, in doubt, not to be tried yet, or in other hands."""
        arguments = {
            "effect_key": wish.effect_key,
            "organization_id": wish.organization_id,
            "queue": wish.queue,
            "lock_key": wish.lock_key,
            "payload": Jsonb(dict(wish.payload)),
            "max_attempts": wish.max_attempts,
            "worker_id": self._worker_id,
            "lease": self._lease,
            "now": now,
        }
        try:
            with self._pool.connection() as connection, connection.transaction():
                connection.execute(_DURABLY)
                row = connection.execute(_CLAIM, arguments).fetchone()
        except psycopg.errors.UniqueViolation:  # effect_one_per_lock: another step of the same document is under way
            return None
        return None if row is None else Claim(wish.effect_key, row[0])

    def sent(self, claim: Claim, outcome: Mapping[str, Any]) -> bool:
        """The other side accepted; False when the effect is no longer ours to finish."""
        return self._finish(claim, "sent", outcome) is not None

    def later(self, claim: Claim, run_at: datetime, reason: str) -> Status | None:
        """Surely nothing went out: ready again from `run_at` on, or dead when the attempts are used up."""
        return self._finish(claim, "ready", {"reason": reason}, run_at)

    def dead(self, claim: Claim, reason: str) -> bool:
        """Refused for good."""
        return self._finish(claim, "dead", {"reason": reason}) is not None

    def doubt(self, claim: Claim, reason: str) -> bool:
        """Nobody knows whether it went out."""
        return self._finish(claim, "in_doubt", {"reason": reason}) is not None

    def _finish(
        self, claim: Claim, status: Status, outcome: Mapping[str, Any], run_at: datetime | None = None
    ) -> Status | None:
        arguments = {**self._fence(claim), "status": status, "outcome": Jsonb(dict(outcome)), "run_at": run_at}
        with self._pool.connection() as connection:
            row = connection.execute(_FINISH, arguments).fetchone()
        return None if row is None else cast("Status", row[0])

    def withdraw(self, claim: Claim) -> None:
        """Give a claim back before anything left the house: the effect is not wanted any more, or not like this."""
        with self._pool.connection() as connection:
            connection.execute(_WITHDRAW, self._fence(claim))

    def forget(self, effect_key: str) -> None:
        """Strike out an effect that waits for its next attempt and is no longer wanted."""
        with self._pool.connection() as connection:
            connection.execute(_FORGET, {"effect_key": effect_key})

    def expire(self, queue: str) -> Sequence[Effect]:
        """Put in doubt what dead workers left behind, and return it."""
        return self._rows(_EXPIRE, {"queue": queue})

    def waiting(self, queue: str, now: datetime) -> Sequence[Effect]:
        """Effects whose next attempt may begin."""
        return self._rows(_WAITING, {"queue": queue, "now": now})

    def unrecorded(self, queue: str) -> Sequence[Effect]:
        """Effects that the other side accepted, and whose fact is still owed."""
        return self._rows(_UNRECORDED, {"queue": queue})

    def recorded(self, effect_key: str, position: int) -> None:
        """The fact stands at `position` of the feed."""
        with self._pool.connection() as connection:
            connection.execute(_RECORDED, {"effect_key": effect_key, "position": position})

    def for_people(self, organization_id: str) -> Sequence[Effect]:
        """What a person has to look at: in doubt, or refused for good."""
        return self._rows(_FOR_PEOPLE, {"organization_id": organization_id})

    def find(self, effect_key: str) -> Effect | None:
        return next(iter(self._rows(_FIND, {"effect_key": effect_key})), None)

    def _rows(self, statement: str, arguments: Mapping[str, Any]) -> Sequence[Effect]:
        with self._pool.connection() as connection:
            return connection.cursor(row_factory=class_row(Effect)).execute(statement, arguments).fetchall()

    def _fence(self, claim: Claim) -> dict[str, Any]:
        return {"effect_key": claim.effect_key, "attempt": claim.attempt, "worker_id": self._worker_id}
