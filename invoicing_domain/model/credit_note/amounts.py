"""What a credit note takes back, so that credits of any slicing add up to their invoice to the last ban.

Every share is the difference of two running sums: what is taken back after this note less what was before. Running sums
end at the invoice's own figures, so nothing is left over and no note has to make up for the roundings of others. Only
the VAT of a group is computed like an invoice's, from the base of the note (BR-CO-17), until the note that takes the
last line of the group: that one takes the rest. Charges of the document are taken back like lines, under the ids C1,
C2 and so on, each of quantity 1; the document discount goes back with the lines alone, which it was given on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from invoicing_domain.model.invoice.commands import LineToCredit
from invoicing_domain.model.invoice.events import CreditedLine
from invoicing_domain.model.invoice.state import Invoice, credited_gross
from invoicing_domain.model.money import Money, share_of, zero
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Totals, Vat, VatSubtotal, subtotal, totals_from

WHOLE_CHARGE: Final = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What can be taken back of an invoice: a line, or a charge."""

    id: str
    quantity: Decimal
    net: Money
    vat: Vat
    is_charge: bool = False


def charge_id(position: int) -> str:
    """How credit notes name the charges of an invoice, from the first on: C1, C2."""
    return f"C{position}"


def parts_of(invoice: Invoice) -> tuple[Part, ...]:
    lines = (Part(id=line.id, quantity=line.quantity, net=line.net, vat=line.vat) for line in invoice.lines)
    charged = zip(invoice.header.charges, invoice.charge_amounts, strict=True)
    charges = (
        Part(id=charge_id(n), quantity=WHOLE_CHARGE, net=amount, vat=charge.vat, is_charge=True)
        for n, (charge, amount) in enumerate(charged, start=1)
    )
    return (*lines, *charges)


def lines_to_credit(invoice: Invoice, wanted: Sequence[LineToCredit]) -> tuple[CreditedLine, ...]:
    """The lines and charges asked for, or all that is left of each; refuses more than is left."""
    parts = {part.id: part for part in parts_of(invoice)}
    past = _past(invoice)
    if not wanted:
        rest = [(part, part.quantity - past[part.id].quantity) for part in parts.values()]
        wanted = [LineToCredit(line_id=part.id, quantity=quantity) for part, quantity in rest if quantity]
    if not wanted:
        raise Refusal("credit_exceeds_invoice", "the invoice is credited in full already", left="0.00")
    seen: set[str] = set()
    for item in wanted:
        if item.line_id not in parts:
            raise Refusal("line_not_found", f"the invoice has no line {item.line_id}", line_id=item.line_id)
        if item.line_id in seen:
            raise Refusal("line_repeated", f"line {item.line_id} appears twice", line_id=item.line_id)
        seen.add(item.line_id)
    return tuple(_credited(parts[item.line_id], past[item.line_id], item.quantity) for item in wanted)


def _past(invoice: Invoice) -> dict[str, CreditedLine]:
    """What earlier notes took back, line by line."""
    nothing = zero(invoice.currency)
    past = {part.id: CreditedLine(line_id=part.id, quantity=Decimal(0), net=nothing) for part in parts_of(invoice)}
    for note in invoice.credit_notes:
        for one in note.lines:
            before = past[one.line_id]
            past[one.line_id] = CreditedLine(
                line_id=one.line_id, quantity=before.quantity + one.quantity, net=before.net + one.net
            )
    return past


def _credited(part: Part, past: CreditedLine, quantity: Decimal) -> CreditedLine:
    left = part.quantity - past.quantity
    if quantity * part.quantity <= 0 or abs(quantity) > abs(left):
        raise Refusal(
            "credit_exceeds_invoice",
            f"{'charge' if part.is_charge else 'line'} {part.id} has a quantity of {left:f} left to credit, "
            f"not {quantity:f}",
            line_id=part.id,
            left=f"{left:f}",
        )
    net = share_of(part.net, past.quantity + quantity, part.quantity) - past.net
    return CreditedLine(line_id=part.id, quantity=quantity, net=net)


def credit_totals(invoice: Invoice, lines: Sequence[CreditedLine]) -> tuple[Totals, tuple[VatSubtotal, ...]]:
    """Totals and VAT breakdown of a credit note; refuses one below zero or beyond what the invoice has left."""
    taken = {line.line_id: line for line in lines}
    parts, past = parts_of(invoice), _past(invoice)
    touched = {part.vat for part in parts if part.id in taken}
    groups = [_group(invoice, whole, past, taken) for whole in invoice.vat_breakdown if _vat(whole) in touched]
    breakdown = tuple(group for group, _ in groups)
    discount = sum((off for _, off in groups), start=zero(invoice.currency))
    charges = _net_of((part for part in parts if part.is_charge), taken, zero(invoice.currency))
    totals = totals_from(breakdown, discount, invoice.currency, charges)
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
    parts = [part for part in parts_of(invoice) if part.vat == vat]
    lines, charges = [p for p in parts if not p.is_charge], [p for p in parts if p.is_charge]
    earlier = [group for note in invoice.credit_notes for group in note.vat_breakdown if _vat(group) == vat]
    base_before = sum((group.base for group in earlier), start=nothing)
    base_left, vat_left = whole.base - base_before, whole.vat - sum((group.vat for group in earlier), start=nothing)
    net, charged = _net_of(lines, taken, nothing), _net_of(charges, taken, nothing)
    if all(part.quantity == _quantity_after(part.id, past, taken) for part in parts):
        return replace(whole, base=base_left, vat=vat_left), net + charged - base_left
    net_before = _net_of(lines, past, nothing)
    full_net = sum((line.net for line in lines), start=nothing)
    discount = sum((part.net for part in parts), start=nothing) - whole.base
    off_before = net_before + _net_of(charges, past, nothing) - base_before
    off = _discount_until(discount, net_before + net, full_net) - off_before
    own = replace(subtotal(vat, net + charged - off), exemption=whole.exemption)
    return _within(own, base_left, vat_left), off


def _net_of(parts: Iterable[Part], credited: Mapping[str, CreditedLine], nothing: Money) -> Money:
    return sum((credited[part.id].net for part in parts if part.id in credited), start=nothing)


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
    return replace(own, vat=vat)
