"""Which document a mail was about: found by its Message-ID when it comes back."""

from dataclasses import dataclass
from typing import Final

from invoicing_domain.bounces import BounceNotice, digest_of
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.mailing import MailedKind, RecordBounce
from projections.rows import Connection, fetch_one

_MAIL: Final = """
SELECT organization_id, effect_key,
       coalesce(payload ->> 'kind', CASE WHEN payload ? 'invoice_id' THEN 'invoice' END) AS kind,
       coalesce(payload ->> 'document_id', payload ->> 'invoice_id') AS document_id,
       status IN ('ready', 'sending', 'in_doubt') OR (status = 'sent' AND recorded_position IS NULL) AS is_awaited
  FROM work.job
 WHERE mail_digest = %(digest)s
   AND (%(organization_id)s::uuid IS NULL OR organization_id = %(organization_id)s::uuid)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail that was wished; one to the company itself is about no document."""

    organization_id: str
    effect_key: str
    kind: MailedKind | None
    document_id: str | None
    is_awaited: bool
    """That it went out may be recorded yet."""

    def bounce(self, notice: BounceNotice) -> RecordBounce | None:
        """What is to be recorded of a mail that came back; None: it was about no document."""
        if self.kind is None or self.document_id is None:
            return None
        return RecordBounce(
            kind=self.kind,
            document_id=StreamId(self.document_id),
            message_id=notice.message_id,
            recipients=notice.recipients,
            status=notice.status,
            diagnostic=notice.diagnostic,
            is_awaited=self.is_awaited,
        )


def mail_of(connection: Connection, notice: BounceNotice, organization_id: str | None = None) -> MailRow | None:
    """None: it is no mail of this house, or not of this organization."""
    return fetch_one(
        connection, MailRow, _MAIL, {"digest": digest_of(notice.message_id), "organization_id": organization_id}
    )
