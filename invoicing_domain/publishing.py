"""Publishing: a sent document gets its paper once, and everybody who asks for it afterwards gets the same bytes.

Whoever comes first makes it, a worker at the moment of sending or somebody who asks: it follows from the facts alone,
and the one that was recorded first is the one. What is no fiscal document (a draft, a proforma) is shown as it is now,
and not kept.
"""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final
from uuid import uuid4

from invoicing_domain.categories import CREDIT_NOTE, INVOICE
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.credit_note.applying import note_of
from invoicing_domain.model.credit_note.commands import AttachNoteDocument
from invoicing_domain.model.document import Document, PaperKind
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import AttachDocument
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.party import Seller
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.paper import picture
from invoicing_domain.paper.press import MEDIA_TYPE, Press
from invoicing_domain.paper.sheet import TEMPLATE, Sheet
from invoicing_domain.paper.sheets import credit_note_sheet, invoice_sheet, proforma_sheet
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.artifacts import Artifact, Artifacts, Damaged
from invoicing_domain.service import InvoicingService

HOUSE: Final = Actor(kind="system", id="documents", name="Documents")
"""Who asks for a paper changes nothing by asking: it is the house that makes it."""


class Publishing:
    """Safe to share between threads."""

    def __init__(self, ledger: Ledger, service: InvoicingService) -> None:
        self._ledger = ledger
        self._service = service
        self._artifacts = Artifacts(ledger.recorder.datastore)
        self._press = Press()

    def paper(self, kind: PaperKind, document_id: StreamId, context: Context) -> Artifact:
        """The paper of a document of either kind."""
        make = self.invoice if kind == "invoice" else self.credit_note
        return make(document_id, context)

    def invoice(self, invoice_id: StreamId, context: Context) -> Artifact:
        """The paper of a sent invoice; refuses what is not sent."""
        invoice = self._invoice(invoice_id)
        if invoice.sent is not None and invoice.document is None:
            sheet = invoice_sheet(invoice, invoice.sent.seller, invoice.sent.issue_date)
            made = self._keep(sheet, invoice.sent.seller, invoice.sent.sent_at, context)
            self._service.execute(AttachDocument(invoice_id=invoice_id, document=made), _by_the_house(context))
            invoice = self._invoice(invoice_id)
        return self._kept(invoice.document, context)

    def credit_note(self, credit_note_id: StreamId, context: Context) -> Artifact:
        """The paper of a credit note, which is dated by its day: it has no hour."""
        note = note_of(self._ledger.load(CREDIT_NOTE, credit_note_id).state)
        if note.document is None:
            issued = note.issued
            sheet = credit_note_sheet(issued, self._invoice(StreamId(issued.invoice_id)))
            made = self._keep(sheet, issued.seller, datetime.combine(issued.issue_date, time(), UTC), context)
            attach = AttachNoteDocument(credit_note_id=credit_note_id, document=made)
            self._service.execute(attach, _by_the_house(context))
            note = note_of(self._ledger.load(CREDIT_NOTE, credit_note_id).state)
        return self._kept(note.document, context)

    def draft(self, invoice: Invoice, seller: Seller, context: Context) -> Artifact:
        """What a draft would be if it were sent now, marked as a draft."""
        return self._printed(invoice_sheet(invoice, seller, context.today), seller, context.at, context)

    def proforma(self, proforma: Proforma, seller: Seller, context: Context) -> Artifact:
        """A proforma, dated by when it was sent."""
        at = proforma.sent.sent_at if proforma.sent else context.at
        return self._printed(proforma_sheet(proforma, seller, context.today), seller, at, context)

    def keep_logo(self, content: bytes, context: Context) -> str:
        """Keep a picture for papers to come. Raises UnfitPicture for what could stand in their way."""
        logo = picture.checked(content)
        if not self._press.can_print(logo):
            raise picture.UnfitPicture("the logo is damaged: it cannot be printed")
        return self._artifacts.keep(context.organization_id, Artifact(picture.MEDIA_TYPES[logo.format], content))

    def logo(self, digest: str | None, context: Context) -> Artifact | None:
        return None if digest is None else self._artifacts.fetch(context.organization_id, digest)

    def _invoice(self, invoice_id: StreamId) -> Invoice:
        return sent_of(self._ledger.load(INVOICE, invoice_id).state)

    def _printed(self, sheet: Sheet, seller: Seller, at: datetime, context: Context) -> Artifact:
        kept = self.logo(seller.logo, context)
        logo = None if kept is None else picture.Picture(picture.FORMATS[kept.media_type], kept.content)
        return Artifact(MEDIA_TYPE, self._press.pdf(sheet, at, logo=logo))

    def _keep(self, sheet: Sheet, seller: Seller, at: datetime, context: Context) -> Document:
        paper = self._printed(sheet, seller, at, context)
        return Document(
            sha256=self._artifacts.keep(context.organization_id, paper),
            media_type=paper.media_type,
            size=len(paper.content),
            language=sheet.language,
            template=TEMPLATE,
        )

    def _kept(self, document: Document | None, context: Context) -> Artifact:
        found = document and self._artifacts.fetch(context.organization_id, document.sha256)
        if not found:
            raise Damaged(f"the paper that the facts name is not there: {document}")
        return found


def _by_the_house(context: Context) -> Context:
    """The same moment and cause, a command of its own."""
    return replace(context, actor=HOUSE, command_id=str(uuid4()), causation_id=context.command_id, reason=None)
