"""A second, small opinion on invoices and payments, in plain integers: it knows no facts and shares no code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.vat import Discount

SCALE = 100
"""Bani in a leu."""


@dataclass
class Document:
    """An invoice: its lines and, in bani, what became of it. `paid` is by payment."""

    lines: dict[str, LineInput]
    numbered: int
    phase: str = "draft"
    gross: int = 0
    credited: int = 0
    paid: dict[int, int] = field(default_factory=dict)
    steps: set[int] = field(default_factory=set)

    @property
    def balance(self) -> int:
        return self.gross - sum(self.paid.values()) - self.credited

    @property
    def lines_net(self) -> int:
        return sum(net_of(line) for line in self.lines.values())


@dataclass
class Receipt:
    """A payment: what came in, what is left of it, when it last moved."""

    amount: int
    left: int
    moved: date
    live: bool = True


def rounded(value: Fraction) -> int:
    """Half away from zero."""
    return (1 if value >= 0 else -1) * int(abs(value) + Fraction(1, 2))


def off(discount: Discount | None, base: Fraction) -> Fraction:
    """What a discount takes off an amount in lei."""
    if discount is None:
        return Fraction(0)
    return base * Fraction(discount.percent) / 100 if discount.percent is not None else Fraction(discount.amount or 0)


def net_of(line: LineInput) -> int:
    full = Fraction(line.quantity) * Fraction(line.unit_price)
    left = full - off(line.discount, full)
    return rounded((left / (1 + Fraction(line.vat.rate) / 100) if line.price_includes_vat else left) * SCALE)


def gross_of(document: Document) -> int:
    """Net and VAT of a document without a discount of its own."""
    bases: dict[tuple[str, Decimal], int] = {}
    for line in document.lines.values():
        group = (line.vat.category, line.vat.rate)
        bases[group] = bases.get(group, 0) + net_of(line)
    return sum(base + rounded(base * Fraction(rate) / 100) for (_, rate), base in bases.items())


def change_refused(document: Document) -> str | None:
    """The code with which a change of an invoice is refused, if it is."""
    return {"draft": None, "sent": "invoice_already_sent", "discarded": "invoice_discarded"}[document.phase]


def sending_refused(document: Document) -> str | None:
    if refused := change_refused(document):
        return refused
    if not document.lines:
        return "invoice_without_lines"
    return "total_negative" if gross_of(document) < 0 or document.lines_net < 0 else None


def taken(
    documents: Sequence[Document], chosen: Sequence[int], exact: int | None, left: int
) -> tuple[Mapping[int, int], str | None]:
    """What each chosen invoice takes of `left` bani, or the code of the first wish that does not fit."""
    amounts: dict[int, int] = {}
    for place, index in enumerate(chosen):
        document = documents[index]
        if index in chosen[:place]:
            return {}, "allocation_repeated"
        if document.phase != "sent":
            return {}, "invoice_not_sent"
        if exact is not None and exact > document.balance:
            return {}, "allocation_exceeds_balance"
        if exact is not None and exact > left:
            return {}, "allocations_exceed_payment"
        amount = min(left, document.balance) if exact is None else exact
        left -= amount
        if amount:
            amounts[index] = amount
    return amounts, None
