"""The words of a mail, from data alone: no clock, no database, no network.

A reminder speaks the customer's language, writes money and dates the way its readers do, and grows firmer with the
step. Both the text and the HTML are built from the same sentences (`templates/words.<language>.j2`).
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

Language = Literal["ro", "en"]
Tone = Literal["friendly", "firm", "final"]

FIRM_FROM_STEP: Final = 14
FINAL_FROM_STEP: Final = 30

_LOCALES: Final[dict[Language, str]] = {"ro": "ro_RO", "en": "en_GB"}
# ISO codes, not symbols: "kr" and "$" are several currencies each. The space does not break: an amount stays whole.
_MONEY_PATTERNS: Final[dict[Language, str]] = {"ro": "#,##0.00\u00a0¤¤", "en": "¤¤\u00a0#,##0.00"}
# Romanian has three forms (Unicode CLDR): 1 zi, 2-19 zile, 20 de zile, 101 zile, 120 de zile.
_DAYS: Final[dict[Language, dict[str, str]]] = {
    "ro": {"one": "{} zi", "few": "{} zile", "other": "{} de zile"},
    "en": {"one": "{} day", "other": "{} days"},
}
_PAGES: Final = ("reminder.txt.j2", "reminder.html.j2")
_SENTENCES: Final = (
    *("subject", "heading", "greeting", "opening", "request", "other_open"),
    *("already_paid", "questions", "regards", "automatic"),
)
# They turn the text after them around, so that "ORWOL" reads as "LOWRO" and one name passes for another.
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """What the reader sees: one line, and the same words twice."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMail:
    """All that a reminder says. `step` is the rung of the ladder (7, 14, 30), `days_overdue` the days by now."""

    language: Language
    step: int
    seller_name: str
    buyer_name: str
    number: str
    issue_date: date
    due_date: date
    days_overdue: int
    currency: str
    gross: Decimal
    balance: Decimal
    ibans: tuple[str, ...] = ()
    payment_link: str | None = None
    other_open: Decimal | None = None  # what the buyer owes on other invoices, in the same currency
    contact: str | None = None  # the address for questions; without it the reader is asked to answer the mail


def render_reminder(data: ReminderMail) -> MailContent:
    """Write the mail of one reminder step."""
    if data.payment_link is not None and not data.payment_link.startswith(("https://", "http://")):
        raise ValueError("a payment link must be a web address")
    facts = _facts(data)
    words, labels = _wording(data.language, facts)
    text, html = (_environment().get_template(name).render(mail=facts, words=words, labels=labels) for name in _PAGES)
    return MailContent(subject=words["subject"], text=text.strip() + "\n", html=html)


def tone(step: int) -> Tone:
    """How firmly a step speaks; steps are settings, so every number of days has an answer."""
    if step >= FINAL_FROM_STEP:
        return "final"
    return "firm" if step >= FIRM_FROM_STEP else "friendly"


def money(amount: Decimal, currency: str, language: Language) -> str:
    """1.234.567,50 RON for Romanians, RON 1,234,567.50 for Britons; as many decimals as the currency has."""
    return format_currency(amount, currency, format=_MONEY_PATTERNS[language], locale=_LOCALES[language])


def day(value: date, language: Language) -> str:
    """10 mai 2026, 10 May 2026."""
    return format_date(value, format="long", locale=_LOCALES[language])


def days(count: int, language: Language) -> str:
    """1 zi, 2 zile, 20 de zile."""
    form = Locale.parse(_LOCALES[language]).plural_form(count)
    return _DAYS[language][form].format(count)


def grouped_iban(iban: str) -> str:
    """Blocks of four, as printed on paper; plain spaces, because people paste it into their bank's form."""
    bare = "".join(iban.split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def one_line(text: str) -> str:
    """A name as one line that reads as it is written: no control characters, nothing that turns text around."""
    kept = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text if char not in TURNING)
    return " ".join("".join(kept).split())


def _wording(language: Language, facts: dict[str, object]) -> tuple[dict[str, str], dict[str, str]]:
    """The sentences and labels of a language as plain text.

    They are finished here and handed on as `str`: a macro called from an HTML page passes for HTML and goes unescaped.
    """
    module = _environment().get_template(f"words.{language}.j2").make_module()
    sentences = {name: str(getattr(module, name)(facts)).strip() for name in _SENTENCES}
    labels: dict[str, str] = module.labels  # type: ignore[attr-defined]  # set by the template
    return sentences, labels


def _facts(data: ReminderMail) -> dict[str, object]:
    language = data.language

    def amount(value: Decimal) -> str:
        return money(value, data.currency, language)

    settled = data.gross - data.balance
    return {
        "language": language,
        "tone": tone(data.step),
        "seller": one_line(data.seller_name),
        "buyer": one_line(data.buyer_name),
        "number": one_line(data.number),
        "issued": day(data.issue_date, language),
        "due": day(data.due_date, language),
        "days": days(data.days_overdue, language),
        "gross": amount(data.gross),
        "settled": amount(settled) if settled else None,
        "balance": amount(data.balance),
        "other_open": amount(data.other_open) if data.other_open else None,
        "ibans": [grouped_iban(iban) for iban in data.ibans],
        "link": data.payment_link,
        "contact": data.contact,
    }


@cache
def _environment() -> Environment:
    """The templates of this package; built at first use and never changed, so that sharing it is harmless."""
    return Environment(
        loader=PackageLoader("workers.mail"),
        # The words are plain text in both; it is the HTML page around them that escapes them, once.
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
