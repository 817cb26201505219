"""Mails as they stand once a worker has sent them, without a mail server: the job and the fact."""

from typing import Final

import psycopg

from deploy.first_start import operator_context
from invoicing_domain.bounces import mail_digest
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.mailing import RecordEmail
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.jobs import NOW
from workers.jobs.enqueue import enqueue
from workers.mail.mailing import job_of
from workers.policies.mails import MailWish

TO = "ion.popescu@client.example"

_SENT: Final = "UPDATE work.job SET status = 'sent', recorded_position = %s WHERE effect_key = %s"


def sent_mail(ledger: Ledger, database: str, organization_id: str, invoice_id: str, *, recorded: bool = True) -> str:
    """The Message-ID of an invoice's mail that went out, to TO; `recorded`: and its fact is not owed any more."""
    wish = MailWish(kind="invoice", document_id=invoice_id)
    with psycopg.connect(database) as connection:
        enqueue(connection, [job_of(organization_id, wish)], NOW)
        connection.execute(_SENT, [0 if recorded else None, wish.effect_key])
    message_id = f"<{mail_digest(wish.effect_key)}@atelier.example>"
    if recorded:
        record(ledger, organization_id, invoice_id, message_id)
    return message_id


def record(ledger: Ledger, organization_id: str, invoice_id: str, message_id: str) -> None:
    command = RecordEmail(
        kind="invoice",
        document_id=StreamId(invoice_id),
        to=TO,
        message_id=message_id,
        sent_at=SystemClock().now(),
    )
    InvoicingService(ledger).execute(command, operator_context(organization_id))
