"""Sent invoices and credit notes as XML for SAGA C: the seller's own CIF makes it file them as sales."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final

from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money, rounded_half_away_from_zero
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.vat import Vat, VatSubtotal

MEDIA_TYPE: Final = "application/xml"

HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<Facturi>\n'
TAIL: Final = b"</Facturi>\n"

_UNITS: Final = {
    "H87": "BUC",
    "C62": "BUC",
    "XPP": "BUC",
    "HUR": "ORE",
    "DAY": "ZILE",
    "MON": "LUNI",
    "KGM": "KG",
    "TNE": "TONE",
    "LTR": "L",
    "MTR": "M",
    "MTK": "MP",
    "MTQ": "MC",
    "KMT": "KM",
    "KWH": "KWH",
}
"""What Romanian accountants call the units of UN/ECE Recommendation 20; others keep their code."""

_PRICE: Final = Decimal("0.000001")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REVERSE_CHARGE: Final = "AE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as SAGA reads it; `tax` is its part of the VAT of its group."""

    description: str
    unit: str
    quantity: Decimal
    price: Decimal
    net: Money
    vat: Vat
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A sent document on its way to SAGA."""

    document_id: str
    number: str
    issue_date: date
    due_date: date
    seller: Seller
    buyer: Buyer
    currency: str
    items: tuple[Item, ...]
    reverse_charge: bool


def of_invoice(invoice_id: str, invoice: Invoice) -> Document:
    """A sent invoice."""
    sent = invoice.sent
    if sent is None:
        raise ValueError(f"invoice {invoice_id} is not sent")
    return Document(
        document_id=invoice_id,
        number=sent.number,
        issue_date=sent.issue_date,
        due_date=sent.due_date,
        seller=sent.seller,
        buyer=sent.customer,
        currency=invoice.currency,
        items=_items([_item(line, line.quantity, line.net) for line in invoice.lines], sent.vat_breakdown),
        reverse_charge=any(group.category == _REVERSE_CHARGE for group in sent.vat_breakdown),
    )


def of_credit_note(note_id: str, note: Issued, credited: Sequence[Line]) -> Document:
    """A credit note: an invoice of negative quantities; `credited` are the lines of the invoice that it corrects."""
    known = {line.id: line for line in credited}
    breakdown = tuple(replace(group, base=-group.base, vat=-group.vat) for group in note.vat_breakdown)
    items = [_item(known[one.line_id], -one.quantity, -one.net) for one in note.lines if one.line_id in known]
    return Document(
        document_id=note_id,
        number=note.number,
        issue_date=note.issue_date,
        due_date=note.issue_date,
        seller=note.seller,
        buyer=note.customer,
        currency=note.currency,
        items=_items(items, breakdown),
        reverse_charge=any(group.category == _REVERSE_CHARGE for group in breakdown),
    )


def _item(line: Line, quantity: Decimal, net: Money) -> Item:
    plain = line.discount is None
    price = line.unit_price if plain or not quantity else (net.decimal / quantity).quantize(_PRICE, ROUND_HALF_UP)
    description = f"{line.description} {line.details}".strip()
    unit = _UNITS.get(line.unit, line.unit)
    own_tax = rounded_half_away_from_zero(net.decimal * line.vat.rate / 100, net.currency)
    return Item(description=description, unit=unit, quantity=quantity, price=price, net=net, vat=line.vat, tax=own_tax)


def _items(items: Sequence[Item], breakdown: Sequence[VatSubtotal]) -> tuple[Item, ...]:
    """The lines, with document discounts and charges as lines of their own and VAT that adds up group by group."""
    found: list[Item] = []
    for group in breakdown:
        vat = Vat(group.category, group.rate)
        own = [item for item in items if item.vat == vat]
        rest = group.base - _sum([item.net for item in own], group.base.currency)
        if rest or not own:
            tax = rounded_half_away_from_zero(rest.decimal * vat.rate / 100, rest.currency)
            one = Decimal(1) if rest.minor >= 0 else Decimal(-1)
            words = "Discount sau taxe pe document"
            own.append(
                Item(description=words, unit="BUC", quantity=one, price=rest.decimal / one, net=rest, vat=vat, tax=tax)
            )
        off = group.vat - _sum([item.tax for item in own], group.vat.currency)
        own[-1] = replace(own[-1], tax=own[-1].tax + off)
        found += own
    return tuple(found)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, start=Money(0, currency))


def xml(documents: Iterable[Document]) -> Iterator[bytes]:
    """The file, a document at a time."""
    yield HEAD
    for document in documents:
        yield _document(document).encode()
    yield TAIL


def _document(document: Document) -> str:
    heading = {
        "FurnizorNume": document.seller.name,
        "FurnizorCIF": document.seller.tax_id or "",
        "ClientNume": document.buyer.name,
        "ClientCIF": document.buyer.tax_id or "",
        "FacturaNumar": document.number,
        "FacturaData": _day(document.issue_date),
        "FacturaScadenta": _day(document.due_date),
        "FacturaTaxareInversa": "Da" if document.reverse_charge else "Nu",
        "FacturaTVAIncasare": "Da" if document.seller.cash_accounting else "Nu",
        "FacturaMoneda": document.currency,
        "GUID_factura": document.document_id,
    }
    items = "".join(_line(number, item) for number, item in enumerate(document.items, start=1))
    return (
        f"<Factura>\n<Antet>\n{_elements(heading)}</Antet>\n"
        f"<Detalii>\n<Continut>\n{items}</Continut>\n</Detalii>\n</Factura>\n"
    )


def _line(number: int, item: Item) -> str:
    fields = {
        "LinieNrCrt": str(number),
        "Descriere": item.description,
        "UM": item.unit,
        "Cantitate": _plain(item.quantity),
        "Pret": _plain(item.price),
        "Valoare": f"{item.net.decimal:f}",
        "ProcTVA": _plain(item.vat.rate),
        "TVA": f"{item.tax.decimal:f}",
    }
    return f"<Linie>\n{_elements(fields)}</Linie>\n"


def _elements(fields: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(_NOT_XML.sub('', text))}</{name}>\n" for name, text in fields.items())


def _plain(number: Decimal) -> str:
    text = f"{number or Decimal(0):f}"  # nothing has no sign
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
