"""What the press makes of a sheet, read by programs that did not make it."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from random import Random
from typing import Any, Final

import pytest
from pypdf import PdfReader

from invoicing_domain.model.invoice.events import Drafted, Header
from invoicing_domain.model.invoice.state import evolve
from invoicing_domain.model.vat import Vat
from invoicing_domain.paper.picture import Picture
from invoicing_domain.paper.press import Attachment, Press
from invoicing_domain.paper.printable import printable
from invoicing_domain.paper.sheet import Sheet
from invoicing_domain.paper.sheets import credit_note_sheet, invoice_sheet
from tests.support.facts import EXEMPT, EXEMPTION, NOW, REDUCED, TODAY
from tests.support.papers import ABROAD, BNR, SELLER, a_draft, a_line, credited, jpeg, png, sent, svg

HOSTILE: Final = '#let x = 5; $a^2$ *bold* _it_ <b> @ref `code` = T \\ #image("/etc/passwd") [x] // \u202e 二号 \x07"q"'
ANY_LETTER: Final = [*range(0x20, 0xD800), *range(0xE000, 0x20000)]
SHOWN: Final = '#let x = 5; $a^2$ *bold* _it_ <b> @ref `code` = T \\ #image("/etc/passwd") [x] // 二号 "q"'


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """The words of all pages in reading order, one space between them."""
    pages = (page.extract_text() for page in read(pdf).pages)
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


def sheet_of(*lines: object, **more: object) -> Sheet:
    return invoice_sheet(sent(*lines, **more), SELLER, TODAY)  # type: ignore[arg-type]


def test_everything_that_the_law_wants_can_be_read_in_the_pdf(press: Press) -> None:
    invoice = sent(
        a_line("Proiectare și asistență tehnică", "2", "450"),
        a_line("Manual", "3", "50", REDUCED),
        a_line("Deșeuri feroase", "10", "4.125", Vat("AE", Decimal(0)), unit="KGM"),
        a_line("Curs", "1", "800", EXEMPT, exemption=EXEMPTION),
        notes="Garanție 24 de luni.\nMulțumim!",
    )
    text = text_of(press.pdf(invoice_sheet(invoice, SELLER, TODAY), NOW))
    for said in (
        *("Factură", "IZV000117", "Data emiterii 23 noiembrie 2026", "Scadență 23 decembrie 2026"),
        *("Furnizor Atelierul de Lumină SRL", "Str. Memorandumului 21", "400114 Cluj-Napoca, Cluj", "CIF RO14399840"),
        *("Client Fundația „Întâlnirea Științei”", "540026 Târgu Mureș, Mureș", "CIF RO18547290", "J26/118/2004"),
        "1 Proiectare și asistență tehnică 2 ore 450,00 21 % 900,00",
        "3 Deșeuri feroase 10 kg 4,125 tax. inversă 41,25",
        *("Taxare inversă 41,25 0,00", "Scutit de TVA 800,00 0,00", "TVA 21 % 900,00 189,00", "TVA 11 % 150,00 16,50"),
        *("Total fără TVA 1.891,25", "TVA 205,50", "Total de plată 2.096,75 RON"),
        "Scutit de TVA: Cod fiscal art. 292 (1) f): învățământ",
        *("IBAN RO49 AAAA 1B31 0075 9384 0000", "Referința plății IZV000117"),
        *("Garanție 24 de luni. Mulțumim!", "fără semnătură și ștampilă", "Pagina 1 din 1"),
    ):
        assert said in text, said


def test_a_foreign_currency_is_told_in_lei_with_the_rate(press: Press) -> None:
    text = text_of(press.pdf(sheet_of(a_line(currency="EUR"), buyer=ABROAD, exchange=BNR), NOW))
    for said in (
        *("Invoice", "Bill to Müller & Söhne GmbH Königstraße 12 70173 Stuttgart Germany", "Total due 1,089.00 EUR"),
        "Equivalent in RON Total excluding VAT 4,582.08 VAT 962.24 Total 5,544.32",
        "BNR rate of 20 November 2026: 1 EUR = 5.0912 RON",
        "Pay by transfer",
    ):
        assert said in text, said


def test_a_credit_note_names_what_it_corrects(press: Press) -> None:
    invoice = sent()
    text = text_of(press.pdf(credit_note_sheet(credited(invoice), invoice), NOW))
    for said in ("Notă de creditare", "IZC000001", "Stornează factura IZV000117", "Total storno −1.089,00 RON"):
        assert said in text, said


def test_sums_go_with_the_lines_from_page_to_page(press: Press) -> None:
    sheet = sheet_of(*(a_line(f"Linia {n}", "1", "10") for n in range(1, 81)))
    pages = [" ".join(page.extract_text().split()) for page in read(press.pdf(sheet, NOW)).pages]
    assert len(pages) == 3
    assert "Report din" not in pages[0]
    assert "De reportat" not in pages[-1]
    for page, following in pairwise(pages):
        carried = page.split("De reportat ")[1].split()[0]
        lines = int(carried.replace(".", "").removesuffix(",00")) // 10
        assert f"Linia {lines} " in page
        assert (
            f"Nr. Descriere Cant. UM Preț unitar TVA Valoare RON Report din pagina precedentă {carried} " in following
        )
        assert f"{lines + 1} Linia {lines + 1} " in following
        assert following.startswith("Factură IZV000117 Fundația „Întâlnirea Științei”")


def test_what_people_write_is_text_and_nothing_else(press: Press) -> None:
    buyer = replace(ABROAD, name=f"{HOSTILE} SRL")
    sheet = sheet_of(a_line(HOSTILE, details=HOSTILE), buyer=buyer, notes=HOSTILE, payment_reference=HOSTILE)
    text = "".join(text_of(press.pdf(sheet, NOW)).split())
    assert text.count("".join(SHOWN.split())) == 5, "buyer, description, details, notes, reference"


def test_the_longest_texts_and_most_lines_are_printed_too(press: Press) -> None:
    long = a_line("W" * 200, "999999999", "99999.99", details="ș " * 2000)
    pdf = press.pdf(sheet_of(long, *(a_line(f"L{n}") for n in range(2, 151)), notes="m" * 4000), NOW)
    text = text_of(pdf)
    assert "L150" in text
    assert len(read(pdf).pages) > 5


def test_the_same_sheet_at_the_same_instant_is_the_same_bytes(press: Press) -> None:
    sheet = sheet_of(a_line(currency="EUR"), exchange=BNR)
    pdf = press.pdf(sheet, NOW)
    press.pdf(sheet_of(), NOW)
    assert press.pdf(sheet, NOW) == Press().pdf(sheet, NOW) == pdf
    assert press.pdf(sheet, NOW + timedelta(seconds=1)) != pdf


def test_it_is_an_archival_tagged_document_in_its_language(press: Press) -> None:
    pdf = press.pdf(sheet_of(buyer=ABROAD), NOW)
    reader = read(pdf)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    meta = root["/Metadata"].get_data().decode()
    for said in ("<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "pdfuaid:part"):
        assert said in meta, said
    assert reader.metadata is not None
    assert reader.metadata.title == "Invoice IZV000117 – Atelierul de Lumină SRL"
    assert reader.metadata.author == "Atelierul de Lumină SRL"
    assert reader.metadata.creation_date == NOW


def test_the_xml_travels_inside(press: Press) -> None:
    xml = Attachment(
        name="factura.xml", media_type="application/xml", content="<a>ș</a>".encode(), description="RO e-Factura"
    )
    reader = read(press.pdf(sheet_of(), NOW, attachment=xml))
    assert reader.attachments["factura.xml"] == [xml.content]
    root: Any = reader.trailer["/Root"]
    associated = root["/AF"][0].get_object()
    assert (associated["/AFRelationship"], associated["/Desc"]) == ("/Alternative", "RO e-Factura")


def test_a_draft_that_was_just_begun_can_be_shown(press: Press) -> None:
    begun = evolve(None, Drafted(reference=1, header=Header(customer=ABROAD, currency="EUR")))
    assert "Total due 0.00 EUR" in text_of(press.pdf(invoice_sheet(begun, SELLER, TODAY), NOW))


def test_a_draft_bears_a_mark_across_the_page(press: Press) -> None:
    marked = press.pdf(invoice_sheet(a_draft(), SELLER, TODAY), NOW)
    assert "CIORNĂ" in text_of(marked)
    assert "CIORNĂ" not in text_of(press.pdf(sheet_of(), NOW))


@pytest.mark.parametrize("logo", [Picture("png", png(40, 20)), Picture("jpg", jpeg(40, 20))])
def test_a_logo_is_printed_in_its_place(press: Press, logo: Picture) -> None:
    page: Any = read(press.pdf(sheet_of(), NOW, logo=logo)).pages[0]
    pictures = [picture.get_object() for picture in page["/Resources"]["/XObject"].values()]
    assert [(picture["/Width"], picture["/Height"]) for picture in pictures] == [(40, 20)]


def test_a_drawing_stays_one(press: Press) -> None:
    page: Any = read(press.pdf(sheet_of(), NOW, logo=Picture("svg", svg()))).pages[0]
    assert "/Pattern" in page["/Resources"]
    assert "/XObject" not in page["/Resources"]


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", png(40, 20)[:-30], b"<svg/>", png(40, 20).replace(b"IDAT", b"IDAX")]
)
def test_what_is_no_picture_cannot_be_printed(press: Press, content: bytes) -> None:
    assert press.can_print(Picture("png", png(1, 1)))
    assert not press.can_print(Picture("png", content))


def test_every_letter_that_is_said_to_be_covered_can_be_printed(press: Press) -> None:
    sheet = sheet_of()
    letters = "".join(dict.fromkeys(printable("".join(map(chr, ANY_LETTER)))))
    everything = replace(sheet, title=letters[:9000], notes=letters, buyer=replace(sheet.buyer, name=letters))
    assert press.pdf(everything, NOW)


@pytest.mark.parametrize("seed", range(3))
def test_letters_and_marks_of_any_script_in_any_order_can_be_printed(press: Press, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a jumble, not a secret
    marks = [code for code in ANY_LETTER if unicodedata.category(chr(code)).startswith("M")]
    jumble = "".join(chr(chance.choice(marks if chance.random() < 0.3 else ANY_LETTER)) for _ in range(4000))
    assert press.pdf(replace(sheet_of(), notes=jumble), NOW)
