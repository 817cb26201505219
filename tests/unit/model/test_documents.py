from dataclasses import replace
from datetime import timedelta

from invoicing_domain.categories import CREDIT_NOTE
from invoicing_domain.model.credit_note.commands import AttachNoteDocument
from invoicing_domain.model.credit_note.events import DocumentProduced as NoteDocumentProduced
from invoicing_domain.model.document import Document
from invoicing_domain.model.invoice.commands import AttachDocument
from invoicing_domain.model.invoice.events import DocumentProduced
from tests.support.facts import (
    INVOICE,
    IZC,
    NOTE,
    NOTE_SERIES,
    NOW,
    added,
    asked,
    credit,
    drafted,
    line,
    opened,
    sent_invoice,
)
from tests.support.sentences import Memory, given, on, refused
from tests.support.states import invoice_in

PAPER = Document(sha256="ab" * 32, media_type="application/pdf", size=40_000, language="ro", template="document/1")
ANOTHER = replace(PAPER, sha256="cd" * 32, template="document/2")
SENT = on(INVOICE, *sent_invoice())


def attach(document: Document = PAPER) -> AttachDocument:
    return AttachDocument(invoice_id=INVOICE, document=document)


def test_a_sent_invoice_gets_its_paper() -> None:
    given(SENT).when(attach()).then(on(INVOICE, DocumentProduced(document=PAPER)))
    memory = Memory([SENT])
    memory.run(attach(), asked())
    assert invoice_in(memory).document == PAPER


def test_the_paper_that_was_made_first_stays_the_paper() -> None:
    produced = on(INVOICE, *sent_invoice(), DocumentProduced(document=PAPER))
    given(produced).when(attach()).then()
    given(produced).when(attach(ANOTHER)).then()


def test_a_draft_has_no_paper() -> None:
    given(on(INVOICE, drafted(), *added(line()))).when(attach()).then(refused("invoice_not_sent"))
    given().when(attach()).then(refused("not_found"))


def test_a_credit_note_gets_its_paper_once_and_its_money_stays_as_it_is() -> None:
    memory = Memory([SENT, on(NOTE_SERIES, opened(IZC))])
    memory.run(credit(), asked())
    note = memory.load(CREDIT_NOTE, NOTE).state
    memory.run(AttachNoteDocument(credit_note_id=NOTE, document=PAPER), asked())
    memory.run(AttachNoteDocument(credit_note_id=NOTE, document=ANOTHER), asked(at=NOW + timedelta(hours=1)))
    assert memory.streams[NOTE][1:] == [NoteDocumentProduced(document=PAPER)]
    assert note is not None
    assert memory.load(CREDIT_NOTE, NOTE).state == replace(note, document=PAPER)


def test_a_credit_note_that_does_not_exist_has_no_paper() -> None:
    given().when(AttachNoteDocument(credit_note_id=NOTE, document=PAPER)).then(refused("not_found"))
