"""What happened to a proforma: an offer in the shape of an invoice, without any fiscal effect."""

from dataclasses import dataclass
from datetime import date, datetime

from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.party import Buyer, Seller
from invoicing_domain.model.vat import Totals, VatSubtotal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProformaDrafted:
    """The whole document in one fact: a proforma is replaced rather than edited."""

    reference: int
    header: Header
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProformaSent:
    """It got a number of its own series. Nothing is owed by it, and no tax authority hears of it."""

    number: str
    series: str
    sent_at: datetime
    issue_date: date
    due_date: date
    seller: Seller
    customer: Buyer
    totals: Totals
    vat_breakdown: tuple[VatSubtotal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProformaCancelled:
    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProformaInvoiced:
    """It became an invoice (a draft at first), once."""

    date: date
    invoice_id: str


ProformaFact = ProformaDrafted | ProformaSent | ProformaCancelled | ProformaInvoiced
