"""The words of a reminder."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from invoicing_domain.letters.reminder import ReminderMail, render_reminder, tone
from invoicing_domain.model.party import Language
from invoicing_domain.wording import days, grouped_iban, money, one_line

LINK = "https://facturi.example.ro/pay/abc?a=1&b=2"
REMINDER = ReminderMail(
    language="ro",
    step=7,
    seller_name="Atelierul Ștefan & Fiii SRL",
    buyer_name="Brutăria Țara SRL",
    number="IZV000017",
    issue_date=date(2026, 4, 10),
    due_date=date(2026, 5, 10),
    days_overdue=7,
    currency="RON",
    gross=Decimal("1234567.50"),
    balance=Decimal("1000000.00"),
    ibans=("RO49AAAA1B31007593840000",),
    payment_link=LINK,
)


class Page(HTMLParser):
    """The text that a reader sees, and the attributes that a mail client would follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += " " + data


@pytest.mark.parametrize(
    ("count", "romanian", "english"),
    [
        (0, "0 zile", "0 days"),
        (1, "1 zi", "1 day"),
        (2, "2 zile", "2 days"),
        (19, "19 zile", "19 days"),
        (20, "20 de zile", "20 days"),
        (100, "100 de zile", "100 days"),
        (101, "101 zile", "101 days"),
        (120, "120 de zile", "120 days"),
    ],
)
def test_days_are_counted_the_way_each_language_does(count: int, romanian: str, english: str) -> None:
    assert (days(count, "ro"), days(count, "en")) == (romanian, english)


def test_money_is_written_the_way_its_reader_does() -> None:
    amount = Decimal("1234567.50")
    assert money(amount, "RON", "ro") == "1.234.567,50\u00a0RON"
    assert money(amount, "EUR", "en") == "EUR\u00a01,234,567.50"
    assert money(Decimal(1500), "JPY", "en") == "JPY\u00a01,500"


def test_an_iban_is_printed_in_blocks_of_four_however_it_was_typed() -> None:
    assert grouped_iban("RO49 AAAA1B310075 93840000") == "RO49 AAAA 1B31 0075 9384 0000"


def test_every_step_has_a_tone_also_one_that_a_seller_set_himself() -> None:
    assert [tone(step) for step in (3, 7, 13, 14, 29, 30, 60)] == [
        "friendly",
        "friendly",
        "friendly",
        "firm",
        "firm",
        "final",
        "final",
    ]


@pytest.mark.parametrize(
    ("language", "step", "subject"),
    [
        ("ro", 7, "Reamintire de plată: factura IZV000017, scadentă la 10 mai 2026"),
        ("ro", 14, "Factură restantă: IZV000017, 1.000.000,00\u00a0RON de plată"),
        ("ro", 30, "Ultima notificare de plată: factura IZV000017, 1.000.000,00\u00a0RON"),
        ("en", 7, "Payment reminder: invoice IZV000017, due 10 May 2026"),
        ("en", 14, "Overdue invoice: IZV000017, RON\u00a01,000,000.00 to pay"),
        ("en", 30, "Final notice: invoice IZV000017, RON\u00a01,000,000.00"),
    ],
)
def test_the_subject_grows_firmer_with_the_step(language: Language, step: int, subject: str) -> None:
    assert render_reminder(replace(REMINDER, language=language, step=step)).subject == subject


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("step", [7, 14, 30])
def test_text_and_html_say_the_same(language: Language, step: int) -> None:
    content = render_reminder(replace(REMINDER, language=language, step=step, other_open=Decimal(500)))
    seen = Page(content.html).text.replace("\u00a0", " ")
    for line in content.text.replace("\u00a0", " ").splitlines():
        if line != "-- ":
            for part in line.split(": ", 1) if re.match(r"[\w ]{1,30}: ", line) else [line]:
                assert " ".join(part.split()).removesuffix(":") in seen


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("step", [7, 14, 30])
def test_only_the_final_notice_speaks_of_the_law(language: Language, step: int) -> None:
    text = render_reminder(replace(REMINDER, language=language, step=step)).text
    assert (("pe cale legală" in text) or ("by legal means" in text)) == (step == 30)


def test_romanian_letters_have_commas_below_and_no_cedillas() -> None:
    texts = [render_reminder(replace(REMINDER, step=step)) for step in (7, 14, 30)]
    written = "".join(content.subject + content.text + content.html for content in texts)
    assert not set("şţŞŢ") & set(written)
    assert set("șțăâî") <= set(written)


def test_the_page_reaches_for_nothing_outside_itself() -> None:
    page = Page(render_reminder(replace(REMINDER, contact="facturi@example.ro")).html)
    assert not page.tags & {"img", "link", "script", "iframe", "object", "video", "form", "svg"}
    assert {value for name, value in page.attributes if name == "href"} == {LINK}
    assert not any(name in {"src", "background", "srcset"} or name.startswith("on") for name, _ in page.attributes)
    assert not any("url(" in value for _, value in page.attributes)


def test_names_are_shown_as_written_and_never_become_markup() -> None:
    content = render_reminder(replace(REMINDER, buyer_name="<script>alert(1)</script> & {{ 7*7 }}"))
    page = Page(content.html)
    assert "script" not in page.tags
    assert "<script>alert(1)</script> & {{ 7*7 }}" in page.text
    assert "&amp;amp;" not in content.html
    assert "<script>alert(1)</script> & {{ 7*7 }}" in content.text


def test_a_name_stays_on_one_line_and_cannot_turn_the_text_around() -> None:
    assert one_line("  ACME\r\nBcc: x@y.ro\u202e\u2028SRL\x00 ") == "ACME Bcc: x@y.ro SRL"


def test_what_was_paid_is_shown_only_when_something_was() -> None:
    untouched = render_reminder(replace(REMINDER, balance=REMINDER.gross))
    partly = render_reminder(REMINDER)
    assert "Achitat" not in untouched.text + untouched.html
    assert "Achitat sau stornat: 234.567,50\u00a0RON" in partly.text


def test_what_is_missing_leaves_no_trace() -> None:
    content = render_reminder(replace(REMINDER, payment_link=None, ibans=(), other_open=Decimal(0)))
    for absent in ("online", "IBAN", "transfer", "În afară de", "None", "\n\n\n"):
        assert absent not in content.text
    assert "<a " not in content.html


def test_a_payment_link_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="web address"):
        render_reminder(replace(REMINDER, payment_link="javascript:alert(1)"))
