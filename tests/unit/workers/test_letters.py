"""The reminder as a message, from an invoice's facts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from email.message import EmailMessage

import pytest

from invoicing_domain.letters.about import reminder_of
from invoicing_domain.letters.reminder import render_reminder
from invoicing_domain.model.invoice.events import Drafted, Header, LineAdded, Sent
from invoicing_domain.model.invoice.lines import LineInput, document_totals, priced
from invoicing_domain.model.invoice.state import evolve, fold
from invoicing_domain.model.party import Buyer, Language, Seller
from invoicing_domain.model.vat import Vat
from workers.mail.envelope import mailbox
from workers.mail.letters import letter as addressed

AT = datetime(2026, 12, 24, 8, tzinfo=UTC)


def letter(
    *,
    seller: str = "Atelierul Ștefan SRL",
    seller_email: str | None = "birou@atelier.example",
    buyer: str = "Ion Țăranu",
    recipient: str = "ion@client.example",
    language: Language = "ro",
) -> EmailMessage:
    line = priced(
        "1",
        LineInput(description="Masă", quantity=Decimal(10), unit_price=Decimal(100), vat=Vat("S", Decimal(21))),
        "RON",
    )
    totals, breakdown = document_totals((line,), None, "RON")
    customer = Buyer(customer_id="", name=buyer, email="ion@client.example", language=language)
    sent = Sent(
        number="IZV000017",
        series="IZV",
        sent_at=AT,
        issue_date=date(2026, 11, 10),
        due_date=date(2026, 12, 10),
        seller=Seller(name=seller, email=seller_email, ibans=("RO49AAAA1B31007593840000",)),
        customer=customer,
        totals=totals,
        vat_breakdown=breakdown,
    )
    begun = evolve(None, Drafted(reference=17, header=Header(customer=customer, currency="RON")))
    said = reminder_of(fold([LineAdded(line=line), sent], begun), sent, step=14, today=date(2026, 12, 24))
    return addressed(
        render_reminder(said),
        seller=sent.seller,
        buyer=customer,
        recipient=recipient,
        effect_key="reminder:0193:14",
        mail_from=mailbox("facturi@izvor.example", "Izvor"),
        at=AT,
    )


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def test_the_seller_writes_in_its_own_name_through_our_address_and_gets_the_answers() -> None:
    mail = letter()
    assert mail["From"].addresses[0].display_name == "Atelierul Ștefan SRL"
    assert mail["From"].addresses[0].addr_spec == "facturi@izvor.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "birou@atelier.example"
    assert mail["To"].addresses[0].display_name == "Ion Țăranu"
    assert mail["To"].addresses[0].addr_spec == "ion@client.example"


def test_the_mail_names_number_balance_days_and_account() -> None:
    text = text_of(letter())
    for words in ("IZV000017", "1.210,00", "14 zile", "RO49 AAAA 1B31 0075 9384 0000"):
        assert words in text


def test_the_mail_speaks_the_customer_s_language() -> None:
    assert "14 days" in text_of(letter(language="en"))


@pytest.mark.parametrize("name", ["ceo@bank.example", "x" * 400, "=?utf-8?q?a?="])
def test_a_name_that_does_not_fit_into_a_header_is_left_out_of_it(name: str) -> None:
    mail = letter(seller=name, buyer=name)
    assert str(mail["From"]) == "Izvor <facturi@izvor.example>"
    assert mail["To"].addresses[0].display_name == ""


def test_a_seller_without_a_usable_address_gets_no_answers() -> None:
    assert letter(seller_email=None)["Reply-To"] is None
    assert letter(seller_email="birou at atelier")["Reply-To"] is None


def test_an_address_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        letter(recipient="ion at client")
