"""From the state of an invoice, a credit note or a proforma to the sheet that says it: pure, the same every time."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.party import Language, Seller
from invoicing_domain.model.proforma.state import Proforma
from invoicing_domain.paper import body
from invoicing_domain.paper.content import Content, of_credit_note, of_invoice, of_proforma
from invoicing_domain.paper.parties import buyer_block, country_name, imprint, seller_block
from invoicing_domain.paper.payment import payment
from invoicing_domain.paper.sheet import Entry, Payment, Sheet
from invoicing_domain.paper.vocabulary import Words
from invoicing_domain.paper.words import WORDS
from invoicing_domain.wording import day

_HOME_OF_THE_LAW: Final = "RO"
"""Whose law says that an invoice needs no signature."""


def invoice_sheet(invoice: Invoice, seller: Seller, today: date, link: str | None = None) -> Sheet:
    """A sent invoice as its buyer gets it; a draft as it would be if `seller` sent it today, marked as a draft."""
    content = of_invoice(invoice, invoice.sent.seller if invoice.sent else seller)
    words = WORDS[content.buyer.language]
    return _bill(invoice, content, today, words, title=words.invoice, link=link)


def proforma_sheet(proforma: Proforma, seller: Seller, today: date) -> Sheet:
    """A proforma says that it is no invoice."""
    content = of_proforma(proforma, proforma.sent.seller if proforma.sent else seller)
    words = WORDS[content.buyer.language]
    return _bill(proforma, content, today, words, title=words.proforma, subtitle=(words.not_fiscal,))


def credit_note_sheet(issued: Issued, invoice: Invoice) -> Sheet:
    """A credit note names the invoice that it corrects, and why."""
    language = issued.customer.language
    words = WORDS[language]
    original = invoice.sent.issue_date if invoice.sent else issued.issue_date
    corrects = words.corrects.format(number=issued.invoice_number, date=day(original, language))
    return _sheet(
        of_credit_note(issued, invoice),
        words,
        title=words.credit_note,
        number=issued.number,
        subtitle=(corrects, words.reason.format(issued.reason)),
        dates=(Entry(label=words.issued, value=day(issued.issue_date, language)),),
        total=words.credited,
    )


def _bill(
    state: Invoice | Proforma,
    content: Content,
    today: date,
    words: Words,
    *,
    title: str,
    subtitle: tuple[str, ...] = (),
    link: str | None = None,
) -> Sheet:
    """What asks to be paid."""
    sent, header = state.sent, state.header
    issued, due = (sent.issue_date, sent.due_date) if sent else (header.issue_date or today, header.due_date)
    number = sent.number if sent else ""
    reference = header.payment_reference or number
    return _sheet(
        content,
        words,
        title=title,
        number=number,
        subtitle=subtitle,
        watermark="" if sent else words.draft,
        dates=tuple(_dates(header, issued, due, content, words)),
        total=words.to_pay,
        payment=payment(content.seller, content.totals.gross, reference, link, words),
        notes=header.notes.strip(),
    )


def _dates(header: Header, issued: date, due: date | None, content: Content, words: Words) -> Iterator[Entry]:
    """When, and what the buyer knows it by."""
    language = content.buyer.language
    yield Entry(label=words.issued, value=day(issued, language))
    if due is not None:
        yield Entry(label=words.due, value=day(due, language))
    if header.tax_point_date not in (None, issued):
        yield Entry(label=words.tax_point, value=day(header.tax_point_date, language))
    if header.delivery_date is not None:
        yield Entry(label=words.delivered, value=_delivery(header, header.delivery_date, content, language))
    if header.order is not None:
        yield Entry(label=words.order, value=f"{header.order.number}, {day(header.order.date, language)}")
    if header.buyer_reference:
        yield Entry(label=words.buyer_reference, value=header.buyer_reference)


def _delivery(header: Header, on: date, content: Content, language: Language) -> str:
    """With the country, where goods went abroad (BT-80)."""
    to = header.delivery_country
    when = day(on, language)
    return when if to in (None, content.seller.address.country) else f"{when}, {country_name(to, language)}"


def _sheet(
    content: Content,
    words: Words,
    *,
    title: str,
    number: str,
    dates: tuple[Entry, ...],
    total: str,
    subtitle: tuple[str, ...] = (),
    watermark: str = "",
    payment: Payment | None = None,
    notes: str = "",
) -> Sheet:
    language, home = content.buyer.language, content.seller.address.country
    return Sheet(
        language=language,
        title=title,
        number=number,
        subtitle=subtitle,
        watermark=watermark,
        dates=dates,
        seller=seller_block(content.seller, words, language),
        buyer=buyer_block(content.buyer, home, words, language),
        currency=content.currency,
        items=body.items(content, words, language),
        vat_rows=body.vat_rows(content, words, language),
        sums=body.sums(content, words, language),
        total=body.total(content, total, language),
        in_base=body.in_base(content, words, language),
        mentions=body.mentions(content, words),
        payment=payment,
        notes=notes,
        closing=words.unsigned if home == _HOME_OF_THE_LAW and not watermark else "",
        imprint=imprint(content.seller, words),
        labels=words.labels,
    )
