"""What was put on paper is told in a sentence."""

from api.translation.summaries import summary
from invoicing_domain.model.credit_note.events import DocumentProduced as NoteDocumentProduced
from invoicing_domain.model.invoice.events import DocumentProduced
from tests.support.samples import SAMPLES


def test_the_paper_of_an_invoice_and_of_a_credit_note_is_told_by_its_size_and_digest() -> None:
    for kind in (DocumentProduced, NoteDocumentProduced):
        assert summary(SAMPLES[kind]) == "Document made: 48,213 bytes, SHA-256 5e5e5e5e5e5e..."
