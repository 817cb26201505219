"""What receivers answered, which stands in the log of deliveries: they may have sent back what they were sent."""

from typing import Any, Final

from psycopg import Connection

_FORGET: Final = """
WITH told AS (
    UPDATE work.job SET outcome = outcome - 'response_body'
     WHERE queue = 'webhooks' AND organization_id = %(organization_id)s AND outcome ? 'response_body'
)
UPDATE work.attempt a SET answer = a.answer - 'response_body'
  FROM work.job j
 WHERE j.id = a.job_id AND j.queue = 'webhooks' AND a.organization_id = %(organization_id)s
   AND a.answer ? 'response_body'
"""


def forget(connection: Connection[Any], organization_id: str) -> None:
    """All answers to a company so far: nobody knows in which of them a customer stands who was erased just now."""
    connection.execute(_FORGET, {"organization_id": organization_id})
