"""Papers are PDF/A-3a and PDF/UA-1 in the opinion of a validator that did not make them."""

from decimal import Decimal
from pathlib import Path

import pytest

from invoicing_domain.model.vat import Charge, Discount, Vat
from invoicing_domain.paper.picture import Picture
from invoicing_domain.paper.press import Attachment, Press
from invoicing_domain.paper.sheets import credit_note_sheet, invoice_sheet
from tests.support.facts import NOW, STANDARD, TODAY
from tests.support.papers import ABROAD, BNR, SELLER, a_draft, a_line, credited, jpeg, png, sent, svg
from tests.verapdf.validator import broken_rules

MIXED = "\nחֶבְרָה 12 شَركة Երևան თბილისი บริษัท Ηλεκτρισμού Северсталь 서울 臺灣"
TRANSPORT = Charge(description="Transport", vat=STANDARD, amount=Decimal(20))


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    """One of each kind: over pages, in euro with a code, with logo and XML, a credit note, a draft, odd letters."""
    many = sent(*(a_line(f"Linia {n}") for n in range(45)), discount=Discount(percent=Decimal(5)), charges=(TRANSPORT,))
    euro = sent(a_line(currency="EUR", vat=Vat("AE", Decimal(0))), buyer=ABROAD, exchange=BNR)
    odd = sent(a_line("二号 😀 हि \u202e*x*", details="ș " * 1500), notes="W" * 300 + MIXED)
    xml = Attachment(name="factura.xml", media_type="application/xml", content=b"<a/>", description="RO e-Factura")
    press = Press()
    printed = [
        press.pdf(invoice_sheet(many, SELLER, TODAY), NOW, logo=Picture("png", png(40, 20)), attachment=xml),
        press.pdf(invoice_sheet(euro, SELLER, TODAY), NOW),
        press.pdf(invoice_sheet(euro, SELLER, TODAY, link="https://pay.example/t/9"), NOW),
        press.pdf(credit_note_sheet(credited(many), many), NOW),
        press.pdf(invoice_sheet(a_draft(), SELLER, TODAY), NOW),
        press.pdf(invoice_sheet(odd, SELLER, TODAY), NOW),
        press.pdf(invoice_sheet(a_draft(), SELLER, TODAY), NOW, logo=Picture("jpg", jpeg(40, 20))),
        press.pdf(invoice_sheet(a_draft(), SELLER, TODAY), NOW, logo=Picture("svg", svg())),
    ]
    files = [tmp_path / f"{number}.pdf" for number in range(len(printed))]
    for file, content in zip(files, printed, strict=True):
        file.write_bytes(content)
    return files


def test_no_rule_of_either_standard_is_broken(papers: list[Path]) -> None:
    assert broken_rules(papers) == []


def test_the_validator_knows_a_broken_rule_when_it_sees_one(papers: list[Path], tmp_path: Path) -> None:
    lame = tmp_path / "lame.pdf"
    lame.write_bytes(papers[0].read_bytes().replace(b"pdfaid:part>3", b"pdfaid:part>1"))
    assert any("breaks 3a" in rule for rule in broken_rules([lame]))
