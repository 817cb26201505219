"""What a credit note takes back, so that credits of any slicing add up to their invoice to the last ban."""

from collections.abc import Sequence
from decimal import Decimal

from invoicing_domain.model.invoice.commands import LineToCredit
from invoicing_domain.model.invoice.events import CreditedLine
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import Money, least, rounded_half_away_from_zero, zero
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Totals, Vat, VatSubtotal, totals_from, totals_of


def lines_to_credit(invoice: Invoice, wanted: Sequence[LineToCredit]) -> tuple[CreditedLine, ...]:
    """The lines asked for, or all that is left of every line; refuses more than is left."""
    lines = {line.id: line for line in invoice.lines}
    if not wanted:
        rest = [(line, line.quantity - invoice.credited_quantity(line.id)) for line in invoice.lines]
        wanted = [LineToCredit(line_id=line.id, quantity=quantity) for line, quantity in rest if quantity]
    if not wanted:
        raise Refusal("credit_exceeds_invoice", "the invoice is credited in full already", left="0.00")
    return tuple(_credited(invoice, lines, item) for item in wanted)


def _credited(invoice: Invoice, lines: dict[str, Line], item: LineToCredit) -> CreditedLine:
    line = lines.get(item.line_id)
    if line is None:
        raise Refusal("line_not_found", f"the invoice has no line {item.line_id}", line_id=item.line_id)
    left = line.quantity - invoice.credited_quantity(line.id)
    if item.quantity * line.quantity <= 0 or abs(item.quantity) > abs(left):
        raise Refusal(
            "credit_exceeds_invoice",
            f"line {line.id} has {left:f} {line.unit} left to credit, not {item.quantity:f}",
            line_id=line.id,
            left=f"{left:f}",
        )
    if item.quantity == left:
        net = line.net - _net_credited(invoice, line)
    else:
        share = line.net.decimal * item.quantity / line.quantity
        net = rounded_half_away_from_zero(share, invoice.currency)
    return CreditedLine(line_id=line.id, quantity=item.quantity, net=net)


def _net_credited(invoice: Invoice, line: Line) -> Money:
    nets = (one.net for note in invoice.credit_notes for one in note.lines if one.line_id == line.id)
    return sum(nets, start=zero(invoice.currency))


def credit_totals(invoice: Invoice, lines: Sequence[CreditedLine]) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals of a credit note: computed like an invoice's; the note that empties the invoice takes the exact rest."""
    if _empties(invoice, lines):
        return _rest(invoice)
    vats = {line.id: line.vat for line in invoice.lines}
    lines_net = sum((line.net for line in lines), start=zero(invoice.currency))
    totals, breakdown = totals_of(
        [(vats[line.line_id], line.net) for line in lines], _discount_share(invoice, lines_net), invoice.currency
    )
    left = {Vat(s.category, s.rate): s for s in _rest(invoice)[1]}
    capped = tuple(_capped(s, left.get(Vat(s.category, s.rate))) for s in breakdown)
    return totals_from(capped, totals.discount, invoice.currency), capped


def _capped(one: VatSubtotal, left: VatSubtotal | None) -> VatSubtotal:
    """Rounding VAT note by note may run ahead of the invoice by a ban; never past what is left."""
    if left is None or one.vat.minor < 0:
        return one
    return VatSubtotal(category=one.category, rate=one.rate, base=one.base, vat=least(one.vat, left.vat))


def _empties(invoice: Invoice, lines: Sequence[CreditedLine]) -> bool:
    now: dict[str, Decimal] = {line.line_id: Decimal(0) for line in lines}
    for line in lines:
        now[line.line_id] += line.quantity
    return all(
        line.quantity == invoice.credited_quantity(line.id) + now.get(line.id, Decimal(0)) for line in invoice.lines
    )


def _discount_share(invoice: Invoice, lines_net: Money) -> Money | None:
    whole = invoice.totals
    if not whole.discount or not whole.lines_net:
        return None
    share = whole.discount.decimal * lines_net.decimal / whole.lines_net.decimal
    given = sum((note.totals.discount for note in invoice.credit_notes), start=zero(invoice.currency))
    return least(rounded_half_away_from_zero(share, invoice.currency), whole.discount - given)


def _rest(invoice: Invoice) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    bases: dict[Vat, Money] = {Vat(s.category, s.rate): s.base for s in invoice.vat_breakdown}
    taxes: dict[Vat, Money] = {Vat(s.category, s.rate): s.vat for s in invoice.vat_breakdown}
    discount = invoice.totals.discount
    for note in invoice.credit_notes:
        discount -= note.totals.discount
        for part in note.vat_breakdown:
            key = Vat(part.category, part.rate)
            bases[key] -= part.base
            taxes[key] -= part.vat
    rest = tuple(
        VatSubtotal(category=vat.category, rate=vat.rate, base=base, vat=taxes[vat])
        for vat, base in bases.items()
        if base or taxes[vat]
    )
    return totals_from(rest, discount, invoice.currency), rest
