"""The letter that brings an invoice or a credit note."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from invoicing_domain.letters.document import DocumentMail, render_document
from invoicing_domain.model.party import Language

INVOICE = DocumentMail(
    kind="invoice",
    language="ro",
    seller_name="Atelierul Ștefan & Fiii SRL",
    buyer_name="Brutăria Țara SRL",
    number="IZV000017",
    issue_date=date(2026, 4, 10),
    due_date=date(2026, 5, 10),
    currency="RON",
    gross=Decimal("1210.00"),
    balance=Decimal("1210.00"),
    ibans=("RO49AAAA1B31007593840000",),
    contact="birou@atelier.example",
)
NOTE = replace(INVOICE, kind="credit_note", number="IZC000003", corrects="IZV000017", balance=Decimal(), due_date=None)


@pytest.mark.parametrize(
    ("mail", "subject", "said"),
    [
        (
            INVOICE,
            "Factura IZV000017 de la Atelierul Ștefan & Fiii SRL",
            "achitați suma de 1.210,00\xa0RON până la 10 mai",
        ),
        (replace(INVOICE, balance=Decimal()), "Factura IZV000017", "Nu mai este nimic de plată"),
        (NOTE, "Nota de credit IZC000003", "corectează factura IZV000017 cu suma de 1.210,00\xa0RON"),
        (replace(INVOICE, language="en"), "Invoice IZV000017 from", "Please pay RON\xa01,210.00 by 10 May 2026"),
        (replace(NOTE, language="en"), "Credit note IZC000003 from", "corrects invoice IZV000017 by RON\xa01,210.00"),
    ],
)
def test_it_says_what_it_brings_and_what_is_to_do(mail: DocumentMail, subject: str, said: str) -> None:
    content = render_document(mail)
    assert content.subject.startswith(subject)
    assert said in content.text
    assert said in content.html


@pytest.mark.parametrize("language", ["ro", "en"])
def test_an_iban_stands_there_only_when_there_is_something_to_pay(language: Language) -> None:
    iban = "RO49 AAAA 1B31 0075 9384 0000"
    owing = render_document(replace(INVOICE, language=language))
    settled = render_document(replace(INVOICE, language=language, balance=Decimal()))
    assert iban in owing.text
    assert iban in owing.html
    assert iban not in settled.text + settled.html


def test_a_payment_link_is_shown_and_has_to_be_a_web_address() -> None:
    assert "https://pay.example/1" in render_document(replace(INVOICE, payment_link="https://pay.example/1")).html
    with pytest.raises(ValueError, match="web address"):
        render_document(replace(INVOICE, payment_link="javascript:alert(1)"))


def test_a_hostile_name_stays_text() -> None:
    html = render_document(replace(INVOICE, buyer_name="<script>alert(1)</script>")).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
