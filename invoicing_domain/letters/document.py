"""The letter that brings an invoice or a credit note, with the paper attached."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing_domain.letters.writing import MailContent, web_address, write
from invoicing_domain.model.letter_template.events import LetterTemplate
from invoicing_domain.model.mailing import MailedKind
from invoicing_domain.model.party import Language
from invoicing_domain.wording import day, grouped_iban, money, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMail:
    """All that the letter says. `balance` is what is left to pay; a credit note names the invoice that it corrects."""

    kind: MailedKind
    language: Language
    seller_name: str
    buyer_name: str
    number: str
    issue_date: date
    currency: str
    gross: Decimal
    balance: Decimal = Decimal()
    due_date: date | None = None
    corrects: str = ""
    ibans: tuple[str, ...] = ()
    payment_link: str | None = None
    contact: str | None = None


def render_document(data: DocumentMail, template: LetterTemplate | None = None) -> MailContent:
    return write(data.kind, data.language, document_facts(data), template)


def document_facts(data: DocumentMail) -> dict[str, object]:
    """What the letter says, as its reader reads it."""
    language = data.language
    return {
        "kind": data.kind,
        "language": language,
        "seller": one_line(data.seller_name),
        "buyer": one_line(data.buyer_name),
        "number": one_line(data.number),
        "issued": day(data.issue_date, language),
        "due": day(data.due_date, language) if data.due_date else None,
        "gross": money(data.gross, data.currency, language),
        "balance": money(data.balance, data.currency, language) if data.balance else None,
        "corrects": one_line(data.corrects),
        "ibans": [grouped_iban(iban) for iban in data.ibans] if data.balance else [],
        "link": web_address(data.payment_link),
        "contact": data.contact,
    }
