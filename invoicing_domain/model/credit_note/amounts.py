"""What a credit note takes back, so that credits of any slicing add up to their invoice to the last ban.

Every share is the difference of two running sums: what is taken back after this note less what was before. Running sums
end at the invoice's own figures, so nothing is left over and no note has to make up for the roundings of others. Only
the VAT of a group is computed like an invoice's, from the base of the note (BR-CO-17), until the note that takes the
last line of the group: that one takes the rest.
"""

from collections.abc import Sequence
from decimal import Decimal

from invoicing_domain.model.invoice.commands import LineToCredit
from invoicing_domain.model.invoice.events import CreditedLine
from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.money import Money, share_of, zero
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Totals, Vat, VatSubtotal, subtotal, totals_from


def lines_to_credit(invoice: Invoice, wanted: Sequence[LineToCredit]) -> tuple[CreditedLine, ...]:
    """The lines asked for, or all that is left of every line; refuses more than is left."""
    lines = {line.id: line for line in invoice.lines}
    past = _past(invoice)
    if not wanted:
        rest = [(line, line.quantity - past[line.id].quantity) for line in invoice.lines]
        wanted = [LineToCredit(line_id=line.id, quantity=quantity) for line, quantity in rest if quantity]
    if not wanted:
        raise Refusal("credit_exceeds_invoice", "the invoice is credited in full already", left="0.00")
    seen: set[str] = set()
    for item in wanted:
        if item.line_id not in lines:
            raise Refusal("line_not_found", f"the invoice has no line {item.line_id}", line_id=item.line_id)
        if item.line_id in seen:
            raise Refusal("line_repeated", f"line {item.line_id} appears twice", line_id=item.line_id)
        seen.add(item.line_id)
    return tuple(_credited(lines[item.line_id], past[item.line_id], item.quantity) for item in wanted)


def _past(invoice: Invoice) -> dict[str, CreditedLine]:
    """What earlier notes took back, line by line."""
    nothing = zero(invoice.currency)
    past = {line.id: CreditedLine(line_id=line.id, quantity=Decimal(0), net=nothing) for line in invoice.lines}
    for note in invoice.credit_notes:
        for one in note.lines:
            before = past[one.line_id]
            past[one.line_id] = CreditedLine(
                line_id=one.line_id, quantity=before.quantity + one.quantity, net=before.net + one.net
            )
    return past


def _credited(line: Line, past: CreditedLine, quantity: Decimal) -> CreditedLine:
    left = line.quantity - past.quantity
    if quantity * line.quantity <= 0 or abs(quantity) > abs(left):
        raise Refusal(
            "credit_exceeds_invoice",
            f"line {line.id} has {left:f} {line.unit} left to credit, not {quantity:f}",
            line_id=line.id,
            left=f"{left:f}",
        )
    net = share_of(line.net, past.quantity + quantity, line.quantity) - past.net
    return CreditedLine(line_id=line.id, quantity=quantity, net=net)


def credit_totals(invoice: Invoice, lines: Sequence[CreditedLine]) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of a credit note; refuses one below zero or beyond what the invoice has left."""
    taken = {line.line_id: line for line in lines}
    touched = {line.vat for line in invoice.lines if line.id in taken}
    past = _past(invoice)
    groups = [_group(invoice, part, past, taken) for part in invoice.vat_breakdown if _vat(part) in touched]
    breakdown = tuple(part for part, _ in groups)
    discount = sum((off for _, off in groups), start=zero(invoice.currency))
    totals = totals_from(breakdown, discount, invoice.currency)
    left = invoice.totals.gross - credited_gross(invoice)
    if totals.gross.minor < 0:
        raise Refusal(
            "total_negative",
            "a credit note cannot take back less than nothing; take lines of the other sign into the same note",
            gross=str(totals.gross.decimal),
        )
    if totals.gross > left:
        raise Refusal(
            "credit_exceeds_invoice",
            f"the invoice has {left} left to credit, not {totals.gross}",
            left=str(left.decimal),
        )
    return totals, breakdown


def _vat(part: VatSubtotal) -> Vat:
    return Vat(part.category, part.rate)


def _group(
    invoice: Invoice, whole: VatSubtotal, past: dict[str, CreditedLine], taken: dict[str, CreditedLine]
) -> tuple[VatSubtotal, Money]:
    """The part of one VAT group that a note takes back, and the document discount that goes back with it."""
    vat, nothing = _vat(whole), zero(invoice.currency)
    lines = [line for line in invoice.lines if line.vat == vat]
    parts = [part for note in invoice.credit_notes for part in note.vat_breakdown if _vat(part) == vat]
    base_left = whole.base - sum((part.base for part in parts), start=nothing)
    vat_left = whole.vat - sum((part.vat for part in parts), start=nothing)
    net = sum((taken[line.id].net for line in lines if line.id in taken), start=nothing)
    if all(line.quantity == _quantity_after(line.id, past, taken) for line in lines):
        rest = VatSubtotal(category=vat.category, rate=vat.rate, base=base_left, vat=vat_left)
        return rest, net - base_left
    net_before = sum((past[line.id].net for line in lines), start=nothing)
    full_net = sum((line.net for line in lines), start=nothing)
    off_before = net_before - (whole.base - base_left)
    off = _discount_until(full_net - whole.base, net_before + net, full_net) - off_before
    return _within(subtotal(vat, net - off), base_left, vat_left), off


def _quantity_after(line_id: str, past: dict[str, CreditedLine], taken: dict[str, CreditedLine]) -> Decimal:
    return past[line_id].quantity + (taken[line_id].quantity if line_id in taken else 0)


def _discount_until(discount: Money, net: Money, full_net: Money) -> Money:
    """The discount that goes with `net` of a group; where lines of both signs lead outside the group, its ends."""
    if not discount or net.minor * full_net.minor <= 0:
        return zero(discount.currency)
    return discount if abs(net.minor) >= abs(full_net.minor) else share_of(discount, net.minor, full_net.minor)


def _within(own: VatSubtotal, base_left: Money, vat_left: Money) -> VatSubtotal:
    """Rounding VAT note by note may run ahead of the invoice by a ban: inside what is left, it stops there."""
    sign = 1 if own.base.minor >= 0 else -1
    inside = 0 <= sign * own.base.minor <= sign * base_left.minor
    ahead = sign * own.vat.minor > sign * vat_left.minor
    vat = vat_left if inside and ahead else own.vat
    return VatSubtotal(category=own.category, rate=own.rate, base=own.base, vat=vat)
