"""The words of a mail, from data alone: no clock, no database, no network.

A reminder speaks the customer's language, writes money and dates the way its readers do, and grows firmer with the
step. Both the text and the HTML are built from the same sentences (`templates/words.<language>.j2`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from invoicing_domain.model.party import Language
from invoicing_domain.wording import day, days, grouped_iban, money, one_line

Tone = Literal["friendly", "firm", "final"]

FIRM_FROM_STEP: Final = 14
FINAL_FROM_STEP: Final = 30

_PAGES: Final = ("reminder.txt.j2", "reminder.html.j2")
_SENTENCES: Final = (
    *("subject", "heading", "greeting", "opening", "request", "other_open"),
    *("already_paid", "questions", "regards", "automatic"),
)


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
