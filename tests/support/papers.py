"""Invoices as they are put on paper: a seller, two buyers, and lines of every kind."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from invoicing_domain.model.credit_note.decide import correct
from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.exchange.amounts import document_in_base
from invoicing_domain.model.exchange.events import Exchange
from invoicing_domain.model.invoice.commands import IssueCreditNote, LineToCredit
from invoicing_domain.model.invoice.events import Drafted, Header, LineAdded, Sent
from invoicing_domain.model.invoice.lines import Line, LineInput, document_totals, priced
from invoicing_domain.model.invoice.state import Invoice, evolve, fold
from invoicing_domain.model.invoice.vat_rules import judged_breakdown
from invoicing_domain.model.number_series.events import SeriesOpened
from invoicing_domain.model.number_series.state import evolve as evolve_series
from invoicing_domain.model.party import Address, Buyer, Seller
from invoicing_domain.model.vat import Vat, charge_amounts
from tests.support.facts import INVOICE, IZC, NOTE, NOW, STANDARD, TODAY, asked

SELLER: Final = Seller(
    name="Atelierul de Lumină SRL",
    tax_id="RO14399840",
    legal_registration="J12/345/2010",
    address=Address(street="Str. Memorandumului 21", city="Cluj-Napoca", county="RO-CJ", postal_code="400114"),
    ibans=("RO49AAAA1B31007593840000",),
    email="facturi@atelier.example",
    phone="+40 264 595 000",
)
BUYER: Final = Buyer(
    customer_id="c-1",
    name="Fundația „Întâlnirea Științei”",
    tax_id="RO18547290",
    legal_registration="J26/118/2004",
    email="ana@stiinta.example",
    phone="+40 745 000 111",
    contact_name="Ana Pop",
    address=Address(street="Bd. Ștefan cel Mare 105", city="Târgu Mureș", county="RO-MS", postal_code="540026"),
)
ABROAD: Final = Buyer(
    customer_id="c-2",
    name="Müller & Söhne GmbH",
    kind="foreign",
    language="en",
    tax_id="DE136695976",
    address=Address(street="Königstraße 12", city="Stuttgart", postal_code="70173", country="DE"),
)
BNR: Final = Exchange(base="RON", rate=Decimal("5.0912"), date=date(2026, 11, 20), source="BNR")


def a_line(
    description: str = "Consultanță tehnică",
    quantity: str = "2",
    price: str = "450",
    vat: Vat = STANDARD,
    *,
    currency: str = "RON",
    unit: str = "HUR",
    **more: Any,
) -> Line:
    wanted = LineInput(
        description=description,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat=vat,
        unit=unit,
        **more,
    )
    return priced("1", wanted, currency)


def a_draft(*lines: Line, buyer: Buyer = BUYER, **header: Any) -> Invoice:
    numbered = [replace(line, id=str(n)) for n, line in enumerate(lines or (a_line(),), start=1)]
    head = Header(customer=buyer, currency=numbered[0].net.currency, **header)
    begun = evolve(None, Drafted(reference=1, header=head))
    return fold((LineAdded(line=line) for line in numbered), begun)


def sent(*lines: Line, seller: Seller = SELLER, exchange: Exchange | None = None, **more: Any) -> Invoice:
    """An invoice with these lines that was sent today, due in 30 days."""
    draft = a_draft(*lines, **more)
    head = draft.header
    totals, breakdown = document_totals(draft.lines, head.discount, draft.currency, head.charges)
    fact = Sent(
        number="IZV000117",
        series="IZV",
        sent_at=NOW,
        issue_date=TODAY,
        due_date=date(2026, 12, 23),
        seller=seller,
        customer=head.customer,
        totals=totals,
        vat_breakdown=judged_breakdown(breakdown, draft.lines, head, seller),
        charges=charge_amounts(head.charges, totals.lines_net),
        in_base=document_in_base(totals.vat, totals.gross, exchange) if exchange else None,
    )
    return evolve(draft, fact)


def credited(invoice: Invoice, *lines: tuple[str, str]) -> Issued:
    """The credit note that takes back quantities of lines (id, quantity); without lines: everything."""
    command = IssueCreditNote(
        invoice_id=INVOICE,
        credit_note_id=NOTE,
        reference=1,
        series="IZC",
        seller=SELLER,
        reason="Marfă returnată",
        lines=_wanted(lines),
    )
    return correct(invoice, evolve_series(None, SeriesOpened(series=IZC)), command, asked()).issued


def _wanted(lines: Sequence[tuple[str, str]]) -> tuple[LineToCredit, ...]:
    return tuple(LineToCredit(line_id=line_id, quantity=Decimal(quantity)) for line_id, quantity in lines)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x0b\x55\x63" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int, height: int, components: int = 3) -> bytes:
    """A grey picture, in as many components as it takes."""

    def segment(kind: int, data: bytes) -> bytes:
        return bytes((0xFF, kind)) + struct.pack(">H", len(data) + 2) + data

    ids = range(1, components + 1)
    frame = struct.pack(">BHHB", 8, height, width, components) + b"".join(bytes((one, 0x11, 0)) for one in ids)
    one_code = bytes((1, *[0] * 15, 0))
    tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC0, frame)
    codes = segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
    scan = segment(0xDA, bytes((components,)) + b"".join(bytes((one, 0)) for one in ids) + b"\0\x3f\0")
    bits = 2 * components * -(-width // 8) * -(-height // 8)
    blocks = bytes(bits // 8) + bytes((0xFF >> bits % 8,))
    return b"\xff\xd8" + tables + codes + scan + blocks + b"\xff\xd9"


def svg(*shapes: str, before: str = "", attributes: str = "") -> bytes:
    """A drawing with these parts; without any, a round one with a gradient, a style and what editors leave behind."""
    drawn = "".join(shapes) or ROUND
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' xmlns:x="http://www.w3.org/1999/xhtml" viewBox="0 0 120 40" {attributes}>{drawn}</svg>'
    ).encode()


ROUND: Final = """
<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" pagecolor="#ffffff"/>
<defs>
  <style>.deep { fill: #0b5563; fill-opacity: 0.8; clip-path: url(#inside) }</style>
  <linearGradient id="sky"><stop offset="0" stop-color="#0b5563"/><stop offset="1"/></linearGradient>
  <linearGradient id="dawn" xlink:href="#sky" x2="0" y2="1"/>
  <clipPath id="inside"><rect width="110" height="40"/></clipPath>
</defs>
<g style="fill: url(#dawn)"><circle cx="20" cy="20" r="18"/></g><path class="deep" d="M50 10h60v20h-60z"/>
"""
