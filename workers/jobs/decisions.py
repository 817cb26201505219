"""What people decided about jobs, applied to the table: in the transaction that moves the follower's place.

A decision holds for the job as it was seen. One that went on meanwhile (a new attempt, an answer) is left alone.
"""

import logging
from datetime import datetime
from typing import Any, Final

from psycopg import Connection

from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobFact, JobRetried
from workers.policies.backoff import MAX_AGE, MAX_ATTEMPTS

_SEEN: Final = " WHERE id = %(reference)s AND effect_key = %(effect_key)s AND attempt = %(attempt)s AND status "
_AGAIN: Final = (
    """
UPDATE work.job SET status = 'ready', run_at = %(now)s, expires_at = %(expires_at)s,
       max_attempts = attempt + %(max_attempts)s, recorded_position = NULL, changed_at = clock_timestamp()
"""
    + _SEEN
)
_RETRY: Final = _AGAIN + "IN ('dead', 'cancelled') RETURNING true"
_NOT_SENT: Final = _AGAIN + "= 'in_doubt' RETURNING true"
_SENT: Final = (
    """
UPDATE work.job SET status = 'sent', recorded_position = NULL, changed_at = clock_timestamp(),
       outcome = coalesce(outcome, '{}') || jsonb_build_object('decided', %(reason)s::text)
"""
    + _SEEN
    + "= 'in_doubt' RETURNING true"
)
_CANCEL: Final = (
    """
UPDATE work.job SET status = 'cancelled', recorded_position = NULL, changed_at = clock_timestamp(),
       outcome = coalesce(outcome, '{}') || jsonb_build_object('reason', 'cancelled: ' || %(reason)s::text)
"""
    + _SEEN
    + "IN ('ready', 'in_doubt', 'dead') RETURNING true"
)
_NOTIFY: Final = "NOTIFY izvor_jobs"

_log = logging.getLogger(__name__)


def apply(connection: Connection[Any], fact: JobFact, now: datetime) -> None:
    arguments = {
        "reference": fact.reference,
        "effect_key": fact.effect_key,
        "attempt": fact.attempt,
        "reason": fact.reason,
        "now": now,
        "expires_at": now + MAX_AGE,
        "max_attempts": MAX_ATTEMPTS,
    }
    if connection.execute(_statement(fact), arguments).fetchone() is None:
        _log.warning("%s went on before what was decided about it: %s", fact.effect_key, type(fact).__name__)
    else:
        connection.execute(_NOTIFY)


def _statement(fact: JobFact) -> str:
    match fact:
        case JobRetried():
            return _RETRY
        case JobCancelled():
            return _CANCEL
        case JobDecided(went_out=True):
            return _SENT
        case JobDecided():
            return _NOT_SENT
