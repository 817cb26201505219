"""The statements of the book of jobs, each by its name."""

from typing import Final

_COLUMNS: Final = (
    "id, effect_key, organization_id::text, queue, destination, payload, status, run_at, attempt, outcome, traceparent"
)
_SELECT: Final = "SELECT " + _COLUMNS + " FROM work.job"

# Whatever the role's habit: a claim that a power cut undoes is a mail that goes out twice. What is written afterwards
# may be lost, because without it the job is in doubt.
DURABLY: Final = """
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'
"""

# The next job of the organization that was served longest ago, and that has one whose document nobody is at and whose
# destination takes calls.
NEXT: Final = """
SELECT j.id, j.destination, t.organization_id
  FROM work.turn t
 CROSS JOIN LATERAL (
       SELECT j.id, j.destination
         FROM work.job j
         JOIN work.destination d ON d.name = j.destination
        WHERE j.queue = t.queue AND j.organization_id = t.organization_id AND j.status = 'ready'
          AND j.run_at <= %(now)s AND j.expires_at >= %(now)s
          AND (d.opened_until IS NULL OR d.opened_until <= %(now)s) AND work.tokens(d) >= 1
          AND NOT EXISTS (SELECT FROM work.job b
                           WHERE b.lock_key = j.lock_key
                             AND (b.status = 'sending' OR (b.status = 'sent' AND b.recorded_position IS NULL)))
        ORDER BY j.run_at, j.id LIMIT 1
          FOR UPDATE OF j SKIP LOCKED) j
 WHERE t.queue = %(queue)s
 ORDER BY t.served_at, t.organization_id LIMIT 1
"""
# Whoever calls after the breaker's pause is the only one until the answer is known.
ALLOWANCE: Final = """
UPDATE work.destination d
   SET tokens = work.tokens(d) - 1, refilled_at = clock_timestamp(),
       opened_until = CASE WHEN failures >= %(breaks_after)s THEN %(now)s + %(lease)s END
 WHERE name = %(destination)s AND (opened_until IS NULL OR opened_until <= %(now)s) AND work.tokens(d) >= 1
RETURNING true
"""
SERVED: Final = """
UPDATE work.turn SET served_at = clock_timestamp() WHERE queue = %(queue)s AND organization_id = %(organization_id)s
"""
CLAIM: Final = (
    """
WITH claimed AS (
    UPDATE work.job SET status = 'sending', attempt = attempt + 1, worker_id = %(worker_id)s,
           lease_until = clock_timestamp() + %(lease)s, changed_at = clock_timestamp()
     WHERE id = %(id)s
    RETURNING *
), begun AS (
    INSERT INTO work.attempt (job_id, attempt, organization_id, worker_id)
    SELECT id, attempt, organization_id, worker_id FROM claimed
)
SELECT """
    + _COLUMNS
    + " FROM claimed"
)

# What the fact will say, kept before the call is made. No row: the lease is lost, and the call is not ours to make.
INTEND: Final = """
UPDATE work.job SET outcome = %(outcome)s WHERE id = %(id)s AND attempt = %(attempt)s AND status = 'sending'
RETURNING true
"""
# An answer that comes after the lease is over still settles the doubt: nobody else has begun another attempt since.
FINISH: Final = """
UPDATE work.job
   SET status = CASE WHEN %(status)s = 'ready' AND (attempt >= max_attempts OR %(run_at)s > expires_at)
                     THEN 'dead' ELSE %(status)s END,
       run_at = coalesce(%(run_at)s, run_at), outcome = coalesce(outcome, '{}') || %(outcome)s,
       recorded_position = NULL, lease_until = NULL, changed_at = clock_timestamp()
 WHERE id = %(id)s AND attempt = %(attempt)s AND status IN ('sending', 'in_doubt')
RETURNING status
"""
ANSWERED: Final = """
UPDATE work.attempt SET ended_at = clock_timestamp(), answer = %(answer)s
 WHERE job_id = %(id)s AND attempt = %(attempt)s
"""
REACHED: Final = "UPDATE work.destination SET failures = 0, opened_until = NULL WHERE name = %(destination)s"
UNREACHABLE: Final = """
UPDATE work.destination
   SET failures = failures + 1,
       opened_until = CASE WHEN failures + 1 >= %(breaks_after)s THEN
           %(now)s + least(%(longest)s, %(first)s * 2 ^ least(failures + 1 - %(breaks_after)s, 10)) END
 WHERE name = %(destination)s
"""
NOT_CALLED: Final = """
UPDATE work.destination SET opened_until = %(now)s WHERE name = %(destination)s AND opened_until > %(now)s
"""

EXPIRE: Final = (
    """
UPDATE work.job SET status = 'in_doubt', run_at = %(now)s, lease_until = NULL, changed_at = clock_timestamp(),
       outcome = coalesce(outcome, '{}')
              || jsonb_build_object('reason', 'the worker died between the claim and the answer')
 WHERE queue = %(queue)s AND status = 'sending' AND lease_until < clock_timestamp()
RETURNING """
    + _COLUMNS
)
GIVE_UP: Final = (
    """
UPDATE work.job SET status = 'dead', outcome = coalesce(outcome, '{}') || jsonb_build_object('gave_up', 'too old'),
       recorded_position = NULL, changed_at = clock_timestamp()
 WHERE queue = %(queue)s AND status = 'ready' AND expires_at < %(now)s
RETURNING """
    + _COLUMNS
)
IN_DOUBT: Final = _SELECT + " WHERE queue = %(queue)s AND status = 'in_doubt' AND run_at IS NOT NULL ORDER BY id"
FOR_PEOPLE: Final = """
UPDATE work.job SET run_at = NULL WHERE id = %(id)s AND attempt = %(attempt)s AND status = 'in_doubt' RETURNING true
"""
OWING: Final = (
    _SELECT + " WHERE queue = %(queue)s AND status IN ('sent', 'dead', 'cancelled')"
    " AND recorded_position IS NULL ORDER BY id"
)
# The address stands in the fact from now on, and nowhere else.
RECORDED: Final = """
UPDATE work.job SET recorded_position = %(position)s, outcome = outcome - 'to', changed_at = clock_timestamp()
 WHERE id = %(id)s AND attempt = %(attempt)s AND status IN ('sent', 'dead', 'cancelled') AND recorded_position IS NULL
"""
FIND: Final = _SELECT + " WHERE effect_key = %(effect_key)s"
