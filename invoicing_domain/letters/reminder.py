"""The letter that reminds of an unpaid invoice; it grows firmer with the step."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from invoicing_domain.letters.writing import MailContent, web_address, write
from invoicing_domain.model.letter_template.events import LetterTemplate
from invoicing_domain.model.party import Language
from invoicing_domain.wording import day, days, grouped_iban, money, one_line

Tone = Literal["friendly", "firm", "final"]

FIRM_FROM_STEP: Final = 14
FINAL_FROM_STEP: Final = 30


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
    unsubscribe: str | None = None  # where the reader declines further ones


def render_reminder(data: ReminderMail, template: LetterTemplate | None = None) -> MailContent:
    """Write the mail of one reminder step."""
    return write("reminder", data.language, reminder_facts(data), template)


def tone(step: int) -> Tone:
    """How firmly a step speaks; steps are settings, so every number of days has an answer."""
    if step >= FINAL_FROM_STEP:
        return "final"
    return "firm" if step >= FIRM_FROM_STEP else "friendly"


def reminder_facts(data: ReminderMail) -> dict[str, object]:
    """What the letter says, as its reader reads it."""
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
        "link": web_address(data.payment_link),
        "contact": data.contact,
        "unsubscribe": web_address(data.unsubscribe),
    }
