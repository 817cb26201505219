"""A sent document gets its paper once, whoever asks first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from invoicing_domain.categories import INVOICE
from invoicing_domain.model.credit_note.events import DocumentProduced as NoteDocumentProduced
from invoicing_domain.model.document import Document
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import AttachDocument, IssueCreditNote
from invoicing_domain.model.invoice.events import DocumentProduced
from invoicing_domain.model.party import Seller
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.paper.picture import UnfitPicture
from invoicing_domain.paper.sheet import TEMPLATE
from invoicing_domain.publishing import HOUSE, Publishing
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.artifacts import Artifact, Artifacts, Damaged
from invoicing_domain.service import InvoicingService
from tests.support.commands import ORGANIZATION, context, draft, register_organization, send
from tests.support.papers import jpeg, png, svg

INVOICE_ID = stream_id("invoice", ORGANIZATION, 1)
NOTE_ID = stream_id("credit_note", ORGANIZATION, 1)


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    with Ledger(database) as running:
        service = InvoicingService(running)
        service.execute(register_organization(), context())
        service.execute(draft(1), context())
        yield running


@pytest.fixture
def service(ledger: Ledger) -> InvoicingService:
    return InvoicingService(ledger)


@pytest.fixture
def publishing(ledger: Ledger, service: InvoicingService) -> Publishing:
    return Publishing(ledger, service)


def produced(ledger: Ledger, stream: StreamId = INVOICE_ID) -> list[Document]:
    return [
        one.fact.document
        for one in ledger.history(stream)
        if isinstance(one.fact, DocumentProduced | NoteDocumentProduced)
    ]


def text_of(paper: Artifact) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)


def test_who_asks_first_has_it_made_and_whoever_asks_later_gets_the_same(
    ledger: Ledger, service: InvoicingService, publishing: Publishing
) -> None:
    service.execute(send(1), context())
    asked = context()
    paper = publishing.invoice(INVOICE_ID, asked)
    [made] = produced(ledger)
    assert (made.sha256, made.size, made.media_type) == (paper.sha256, len(paper.content), "application/pdf")
    assert (made.language, made.template) == ("ro", TEMPLATE)
    assert "IZV000001" in text_of(paper)
    meta = ledger.history(INVOICE_ID)[-1].meta
    assert (meta.actor, meta.correlation_id) == (HOUSE, asked.correlation_id)
    assert Publishing(ledger, service).invoice(INVOICE_ID, context()) == paper
    assert len(produced(ledger)) == 1


def test_many_who_ask_at_the_same_moment_get_the_same(
    ledger: Ledger, service: InvoicingService, publishing: Publishing
) -> None:
    service.execute(send(1), context())
    with ThreadPoolExecutor(4) as people:
        papers = list(people.map(lambda _: publishing.invoice(INVOICE_ID, context()), range(8)))
    assert len({paper.sha256 for paper in papers}) == 1
    assert len(produced(ledger)) == 1


def test_what_was_kept_and_not_recorded_is_made_again_as_it_was(
    ledger: Ledger, service: InvoicingService, publishing: Publishing
) -> None:
    service.execute(send(1), context())

    class Dies(InvoicingService):
        def execute(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Publishing(ledger, Dies(ledger)).invoice(INVOICE_ID, context())
    assert produced(ledger) == []
    paper = publishing.invoice(INVOICE_ID, context())
    with ledger.recorder.datastore.connection() as connection:
        kept = connection.execute("SELECT encode(sha256, 'hex') AS digest FROM izvor.artifact").fetchall()
    assert [row["digest"] for row in kept] == [paper.sha256]


def test_a_paper_of_an_older_design_stays_the_paper(
    ledger: Ledger, service: InvoicingService, publishing: Publishing
) -> None:
    service.execute(send(1), context())
    old = Artifact("application/pdf", b"%PDF as we made them once")
    digest = Artifacts(ledger.recorder.datastore).keep(ORGANIZATION, old)
    document = Document(
        sha256=digest, media_type=old.media_type, size=len(old.content), language="ro", template="document/0"
    )
    service.execute(AttachDocument(invoice_id=INVOICE_ID, document=document), context())
    assert publishing.invoice(INVOICE_ID, context()) == old


def test_a_credit_note_gets_its_own(ledger: Ledger, service: InvoicingService, publishing: Publishing) -> None:
    service.execute(send(1), context())
    correction = IssueCreditNote(
        invoice_id=INVOICE_ID,
        credit_note_id=NOTE_ID,
        reference=1,
        series="IZC",
        seller=Seller(name="Izvor Demo SRL"),
        reason="Marfă returnată",
    )
    service.execute(correction, context())
    paper = publishing.credit_note(NOTE_ID, context())
    assert "IZC000001" in text_of(paper)
    assert [made.sha256 for made in produced(ledger, NOTE_ID)] == [paper.sha256]
    assert publishing.credit_note(NOTE_ID, context()) == paper
    assert publishing.invoice(INVOICE_ID, context()).sha256 != paper.sha256


def test_a_draft_is_shown_and_not_kept(ledger: Ledger, publishing: Publishing) -> None:
    with pytest.raises(Refusal, match="it has to be sent first"):
        publishing.invoice(INVOICE_ID, context())
    state = ledger.load(INVOICE, INVOICE_ID).state
    assert state is not None
    shown = publishing.draft(state, Seller(name="Izvor Demo SRL"), context())
    assert "CIORNĂ" in text_of(shown)
    assert Artifacts(ledger.recorder.datastore).fetch(ORGANIZATION, shown.sha256) is None


@pytest.mark.parametrize(
    ("picture", "drawn"),
    [
        (png(40, 20), "/XObject"),
        (jpeg(40, 20), "/XObject"),
        (jpeg(40, 20, components=1), "/XObject"),
        (svg(), "/Pattern"),
    ],
    ids=["PNG", "JPEG", "grey JPEG", "SVG"],
)
def test_the_logo_is_the_one_of_the_day_of_sending(
    service: InvoicingService, publishing: Publishing, picture: bytes, drawn: str
) -> None:
    logo = publishing.keep_logo(picture, context())
    command = send(1)
    pictured = replace(command.sending, seller=replace(command.sending.seller, logo=logo))
    service.execute(replace(command, sending=pictured), context())
    page = PdfReader(BytesIO(publishing.invoice(INVOICE_ID, context()).content)).pages[0]
    assert drawn in page["/Resources"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is a PNG, a JPEG or an SVG"),
        (b"GIF89a" + bytes(100), "is a PNG, a JPEG or an SVG"),
        (png(40, 20)[:20], "damaged"),
        (png(2001, 1), "2000 pixels a side, not 2001 x 1"),
        (jpeg(1, 2001), "2000 pixels a side, not 1 x 2001"),
        (jpeg(8, 8, components=4), "not as CMYK"),
        (jpeg(8, 8)[:60], "no frame"),
        (jpeg(8, 8).replace(b"\xff\xc0", b"\xff\xc9"), "grey or RGB"),
        (svg("<circle r='0'/>", attributes="width='0'"), "damaged"),
        (svg()[:-6], "not whole"),
        (b"<html/>", "it is no SVG"),
        (png(1, 1) + bytes(512 * 1024), "512 KiB"),
        (png(40, 20)[:-30], "damaged"),
    ],
)
def test_a_picture_that_could_stand_in_the_way_of_papers_is_not_kept(
    ledger: Ledger, publishing: Publishing, content: bytes, complaint: str
) -> None:
    with pytest.raises(UnfitPicture, match=complaint):
        publishing.keep_logo(content, context())
    with ledger.recorder.datastore.connection() as connection:
        assert connection.execute("SELECT 1 FROM izvor.artifact").fetchall() == []


def test_a_paper_that_is_gone_is_an_alarm_and_no_reason_to_make_another(
    service: InvoicingService, publishing: Publishing
) -> None:
    service.execute(send(1), context())
    gone = Document(sha256="00" * 32, media_type="application/pdf", size=1, language="ro", template="document/1")
    service.execute(AttachDocument(invoice_id=INVOICE_ID, document=gone), context())
    with pytest.raises(Damaged, match="0000"):
        publishing.invoice(INVOICE_ID, context())
