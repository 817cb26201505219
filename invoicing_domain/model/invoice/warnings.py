"""What a reader of an invoice should know and nobody refuses: worked out when it is shown, never stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from invoicing_domain.model.identifiers import has_vat_prefix
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.rates import tax_point
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import EXACT, Money, rounded_half_away_from_zero
from invoicing_domain.model.party_checks import faults_of_buyer
from invoicing_domain.model.reference.vat_rates import rates_in_force
from invoicing_domain.model.vat import discount_of

WARNING_CODES: Final = (
    "vat_rate_not_in_force",
    "seller_tax_id_missing",
    "vat_ids_out_of_scope",
    "gross_prices_differ",
    "buyer_tax_id_invalid",
    "buyer_county_unknown",
    "buyer_sector_unknown",
    "buyer_country_unknown",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: a stable code, and one sentence for people."""

    code: str
    detail: str


def warnings_of(invoice: Invoice, today: date, home: str = "RO") -> tuple[Notice, ...]:
    """All warnings of an invoice; `home` is the seller's country while the invoice is a draft."""
    country = invoice.sent.seller.address.country if invoice.sent else home
    return (
        *_rates(invoice, today, country),
        *_unregistered(invoice),
        *_out_of_scope(invoice),
        *_gross_prices(invoice),
        *(
            Notice(f"buyer_{fault.code}", f"{fault.field} of the buyer {fault.detail}")
            for fault in faults_of_buyer(invoice.header.customer)
        ),
    )


def _rates(invoice: Invoice, today: date, country: str) -> Iterator[Notice]:
    day = tax_point(invoice.header, invoice.sent.issue_date if invoice.sent else today)
    known = rates_in_force(country, day)
    if known is None:
        return
    lawful = [rate.percent for rate in known]
    vats = (*(line.vat for line in invoice.lines), *(charge.vat for charge in invoice.header.charges))
    used = {vat.rate for vat in vats if vat.category == "S"}
    for rate in sorted(used - set(lawful)):
        spelled = ", ".join(f"{percent:f}" for percent in lawful)
        detail = f"{_short(rate)} % is not a rate in force on {day}, the tax point; those are {spelled}"
        yield Notice("vat_rate_not_in_force", detail)


def _unregistered(invoice: Invoice) -> Iterator[Notice]:
    """Who names no tax id cannot charge VAT, nor say that something is free of it; AE, K and G are refused then."""
    if invoice.sent is None or invoice.sent.seller.tax_id:
        return
    used = {part.category for part in invoice.vat_breakdown}
    for category in sorted(used & {"S", "Z", "E"}):
        detail = f"category {category} needs the seller's tax id (BR-{category}-02), and the seller has none"
        yield Notice("seller_tax_id_missing", detail)


def _out_of_scope(invoice: Invoice) -> Iterator[Notice]:
    """A document outside the scope of VAT names no VAT number, which e-Factura insists on."""
    seller = invoice.sent.seller.tax_id if invoice.sent else None
    numbers = [number for number in (seller, invoice.header.customer.tax_id) if has_vat_prefix(number)]
    if numbers and any(line.vat.category == "O" for line in invoice.lines):
        named = " and ".join(str(number) for number in numbers)
        detail = f"outside the scope of VAT (O) a document names no VAT number, this one {named} (BR-O-02)"
        yield Notice("vat_ids_out_of_scope", detail)


def _gross_prices(invoice: Invoice) -> Iterator[Notice]:
    """Prices with VAT add up to their own sum; VAT is computed from the nets of its group, which may differ by bani."""
    header, lines = invoice.header, invoice.lines
    if not lines or header.discount or header.charges or any(line.gross_price is None for line in lines):
        return
    stated = Money(sum(_stated(line).minor for line in lines), invoice.currency)
    gross = invoice.totals.gross
    if stated != gross:
        detail = f"the prices with VAT add up to {stated}, the invoice to {gross}: VAT is rounded once per rate"
        yield Notice("gross_prices_differ", f"{detail} (BR-CO-17)")


def _stated(line: Line) -> Money:
    full = EXACT.multiply(line.quantity, line.gross_price or Decimal(0))
    off = discount_of(line.discount, full) if line.discount else Decimal(0)
    return rounded_half_away_from_zero(EXACT.subtract(full, off), line.net.currency)


def _short(rate: Decimal) -> str:
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
