"""How the job of mailing one document is carried out: its paper, its letter, the hand-over, the fact."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from typing import Any, Final

from invoicing_domain.handlers.mailing import CATEGORIES
from invoicing_domain.letters.about import letter_with
from invoicing_domain.letters.document import render_document
from invoicing_domain.model.context import Actor
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.mailing import RecordEmail, RecordEmailFailure
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from workers.jobs.job import Answer, Call, Dead, Job, Later, Unwanted, Wish
from workers.lookout import Lookout
from workers.mail.envelope import Attachment, message_id
from workers.mail.handover import AGAIN_AFTER, DESTINATION, hand_over
from workers.mail.letters import letter
from workers.mail.transport import MailTransport
from workers.policies.mails import MailWish, obstacle
from workers.reporting import Reporter

QUEUE: Final = "mails"
ACTOR: Final = Actor(kind="worker", id=QUEUE, name="Mails")

_FORGOTTEN: Final = "(unknown)"
"""In the place of an address that a job from before does not know any more."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a mail needs of a document of either kind."""

    number: str
    seller: Seller
    buyer: Buyer


class Mailing:
    """The handler of documents by mail."""

    queue = QUEUE

    def __init__(
        self,
        *,
        ledger: Ledger,
        lookout: Lookout,
        service: InvoicingService,
        publishing: Publishing,
        transport: MailTransport,
        mail_from: Address,
    ) -> None:
        self._ledger = ledger
        self._lookout = lookout
        self._reporter = Reporter(service, lookout, ACTOR)
        self._publishing = publishing
        self._transport = transport
        self._mail_from = mail_from

    def prepare(self, job: Job) -> Answer | Call:
        document, now = self._document(job), self._lookout.now()
        request = job.payload["request"]
        reason = obstacle(request, document)
        if reason is not None:
            return Unwanted(reason)
        paper = _paper(document)
        recipient = self._recipient(document, request, paper.buyer)
        if recipient is None:
            return Dead("the customer has no e-mail address")
        file = self._attachment(job, paper.number)
        own = self._lookout.template(job.organization_id, job.payload["kind"], paper.buyer.language)
        try:
            message = letter(
                render_document(letter_with(document), own),
                seller=paper.seller,
                buyer=paper.buyer,
                recipient=recipient,
                effect_key=job.effect_key,
                mail_from=self._mail_from,
                at=now,
                attachment=file,
            )
        except ValueError as error:
            return Dead(f"the mail cannot be written: {error}")
        intent = {
            "to": self._lookout.hidden(job.organization_id, paper.buyer.customer_id, recipient, job.effect_key),
            "message_id": message_id(job.effect_key, self._mail_from.domain),
            "at": now.isoformat(),
        }
        return Call(intent, lambda: hand_over(self._transport, message, now))

    def resolve(self, job: Job) -> Answer | None:
        """An invoice has to arrive, and a second one is recognized by its Message-ID and its number."""
        del job
        return Later("sent again under the same Message-ID", AGAIN_AFTER, unreachable=False)

    def record(self, job: Job) -> int:
        said: Any = job.outcome or {}
        document_id, kind, request = StreamId(job.payload["document_id"]), job.payload["kind"], job.payload["request"]
        if job.status in {"dead", "cancelled"}:
            to = self._lookout.shown(said.get("to", ""))
            failure = RecordEmailFailure(
                kind=kind, document_id=document_id, to=to, reason=said["reason"], request=request
            )
            return self._reporter.of_job(job, failure)
        return self._reporter.of_job(
            job,
            RecordEmail(
                kind=kind,
                document_id=document_id,
                to=self._lookout.shown(said.get("to", _FORGOTTEN)),
                message_id=message_id(job.effect_key, self._mail_from.domain),
                sent_at=datetime.fromisoformat(said["at"]) if "at" in said else self._lookout.now(),
                request=request,
            ),
        )

    def _document(self, job: Job) -> Invoice | CreditNote:
        document: Invoice | CreditNote | None = self._ledger.load(
            CATEGORIES[job.payload["kind"]], job.payload["document_id"]
        ).state
        if document is None:
            raise LookupError(f"{job.payload['kind']} {job.payload['document_id']} does not exist")
        return document

    def _recipient(self, document: Invoice | CreditNote, request: int | None, buyer: Buyer) -> str | None:
        asked = document.mails.request(request)
        return (asked.to if asked else None) or self._lookout.address_of(buyer)

    def _attachment(self, job: Job, number: str) -> Attachment:
        context = self._reporter.context(job.organization_id, job.effect_key)
        made = self._publishing.paper(job.payload["kind"], StreamId(job.payload["document_id"]), context)
        return Attachment(name=f"{number}.pdf", media_type=made.media_type, content=made.content)


def job_of(organization_id: str, wish: MailWish) -> Wish:
    return Wish(
        effect_key=wish.effect_key,
        organization_id=organization_id,
        queue=QUEUE,
        lock_key=f"mail:{wish.document_id}",
        destination=DESTINATION,
        payload={"kind": wish.kind, "document_id": wish.document_id, "request": wish.request},
    )


def _paper(document: Invoice | CreditNote) -> _Paper:
    if isinstance(document, CreditNote):
        return _Paper(document.issued.number, document.issued.seller, document.issued.customer)
    if document.sent is None:
        raise ValueError("only a sent invoice is mailed")
    return _Paper(document.sent.number, document.sent.seller, document.sent.customer)
