"""A mail that came back, in the book of jobs: beside the fact of its document, where those look who watch the mails."""

from typing import Any, Final

from psycopg import Connection

from invoicing_domain.bounces import digest_of
from invoicing_domain.model.mailing import EmailBounced

_CAME_BACK: Final = """
UPDATE work.job SET changed_at = clock_timestamp(),
       outcome = coalesce(outcome, '{}') || jsonb_build_object('reason', 'came back: ' || %(reason)s::text)
 WHERE mail_digest = %(digest)s
"""


def mark(connection: Connection[Any], fact: EmailBounced) -> None:
    connection.execute(_CAME_BACK, {"digest": digest_of(fact.message_id), "reason": fact.reason})
