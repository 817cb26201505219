"""Whatever people put into an invoice: it is refused by the rule that it breaks, or what is sent keeps every rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import event, given
from hypothesis import strategies as st

from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.invoice.events import Sent
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.money import zero
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat, VatCategory, VatSubtotal
from tests.support.facts import BUYER, SELLER, SENDING, SERIES, asked, draft_invoice, opened
from tests.support.sentences import Memory, on
from tests.support.states import invoice_in
from tests.support.strategies import EXAMPLES, decimals, document_discounts, percents, quantities, unit_prices

RULES = {
    "exemption_reason_missing": {"BR-E-10"},
    "exemption_ambiguous": {"BR-E-01"},
    "vat_categories_mixed": {"BR-O-11"},
    "seller_vat_id_missing": {"BR-AE-02", "BR-IC-02", "BR-G-02"},
    "buyer_vat_id_missing": {"BR-AE-02", "BR-IC-02"},
    "delivery_missing": {"BR-IC-11", "BR-IC-12"},
}
"""Refusals at sending and the rules that they may name."""

RATES = ("21", "11", "9", "5.55", "0.01", "100")
POOLS: tuple[tuple[VatCategory, ...], ...] = (
    ("S",),
    ("S", "Z", "E"),
    ("S", "AE", "G"),
    ("S", "K", "Z"),
    ("O",),
    ("S", "Z", "E", "AE", "K", "G"),
    ("S", "E", "O"),
)
"""Categories that meet on one invoice."""

REASON = Exemption(code="VATEX-EU-J")
REASONS = (REASON, REASON, REASON, None, Exemption(reason="art. 292"))


@st.composite
def taxes(draw: st.DrawFn, pool: tuple[VatCategory, ...]) -> tuple[Vat, Exemption | None]:
    category = draw(st.sampled_from(pool))
    rate = Decimal(draw(st.sampled_from(RATES))) if category == "S" else Decimal(0)
    return Vat(category, rate), draw(st.sampled_from(REASONS)) if category == "E" else None


@st.composite
def lines(draw: st.DrawFn, pool: tuple[VatCategory, ...]) -> LineInput:
    vat, exemption = draw(taxes(pool))
    return LineInput(
        description="Linie",
        quantity=draw(quantities) * draw(st.sampled_from([1, 1, 1, 1, 1, -1])),
        unit_price=draw(unit_prices),
        vat=vat,
        exemption=exemption,
        price_includes_vat=draw(st.booleans()),
        discount=draw(st.none() | percents.map(lambda percent: Discount(percent=percent))),
    )


@st.composite
def charges(draw: st.DrawFn, pool: tuple[VatCategory, ...]) -> Charge:
    vat, exemption = draw(taxes(pool))
    percent = draw(st.none() | percents)
    amount = draw(decimals("0", "500", 2)) if percent is None else None
    return Charge(description="Transport", vat=vat, exemption=exemption, percent=percent, amount=amount)


@st.composite
def wishes(draw: st.DrawFn) -> DraftInvoice:
    """An invoice drafted and sent in one step, mostly with what its categories ask for."""
    pool = draw(st.sampled_from(POOLS))
    seller = draw(st.sampled_from(["RO14399840", "RO14399840", "RO14399840", "14399840", None]))
    buyer = draw(st.sampled_from(["DE811907980", "DE811907980", "DE811907980", "HRB 7", None]))
    return draft_invoice(
        *draw(st.lists(lines(pool), min_size=1, max_size=6)),
        sending=replace(SENDING, seller=replace(SELLER, tax_id=seller)),
        customer=replace(BUYER, tax_id=buyer, kind="foreign"),
        discount=draw(document_discounts),
        charges=tuple(draw(st.lists(charges(pool), max_size=3))),
        delivery_date=draw(st.sampled_from([date(2026, 11, 20), date(2026, 11, 20), None])),
        delivery_country=draw(st.sampled_from(["DE", "DE", None])),
    )


@EXAMPLES
@given(wishes())
def test_what_is_sent_keeps_every_rule_and_what_is_refused_names_one(command: DraftInvoice) -> None:
    memory = Memory([on(SERIES, opened())])
    refusal = refused(memory, command)
    if refusal is not None:
        event(refusal.code)
        assert refusal.code == "total_negative" or refusal.facts["rule"] in RULES[refusal.code]
        return
    event("sent")
    invoice = invoice_in(memory)
    assert invoice.sent is not None
    broken = {name for name, holds in rules(invoice, invoice.sent) if not holds}
    assert broken == set()


def refused(memory: Memory, command: DraftInvoice) -> Refusal | None:
    try:
        memory.run(command, asked())
    except Refusal as refusal:
        return refusal
    return None


def rules(invoice: Invoice, sent: Sent) -> Iterator[tuple[str, bool]]:
    """Each rule by its id, and whether the invoice keeps it."""
    totals, groups = sent.totals, sent.vat_breakdown
    header, nothing = invoice.header, zero(invoice.currency)
    categories = {group.category for group in groups}
    vats = [line.vat for line in invoice.lines] + [charge.vat for charge in header.charges]
    yield "BR-CO-10", totals.lines_net == sum((line.net for line in invoice.lines), start=nothing)
    yield "BR-CO-12", totals.charges == sum(sent.charges, start=nothing)
    yield "BR-CO-13", totals.net == totals.lines_net - totals.discount + totals.charges
    yield "BR-CO-14", totals.vat == sum((group.vat for group in groups), start=nothing)
    yield "BR-CO-15", totals.gross == totals.net + totals.vat
    yield "BR-CO-16", invoice.balance == totals.gross
    yield "BR-CO-17", all(group.vat.decimal == taxed(group) for group in groups)
    yield "BR-CO-18", sorted((g.category, g.rate) for g in groups) == sorted({(v.category, v.rate) for v in vats})
    yield "BR-S-08", totals.net == sum((group.base for group in groups), start=nothing)
    yield "BR-S-05", all((group.rate > 0) == (group.category == "S") for group in groups)
    yield "BR-Z-09", all(not group.vat for group in groups if group.category != "S")
    yield "BR-S-10", all(group.exemption is None for group in groups if group.category in ("S", "Z"))
    explained = [group for group in groups if group.category not in ("S", "Z")]
    yield "BR-E-10", all(group.exemption and (group.exemption.code or group.exemption.reason) for group in explained)
    yield "BR-E-01", len(explained) == len({group.category for group in explained})
    yield "BR-O-11", "O" not in categories or categories == {"O"}
    yield "BR-IC-02", "K" not in categories or (is_vat_id(sent.seller.tax_id) and is_vat_id(sent.customer.tax_id))
    yield "BR-G-02", "G" not in categories or is_vat_id(sent.seller.tax_id)
    yield "BR-AE-02", "AE" not in categories or bool(sent.seller.tax_id and sent.customer.tax_id)
    yield "BR-IC-11", "K" not in categories or header.delivery_date is not None
    yield "BR-IC-12", "K" not in categories or header.delivery_country is not None
    yield "BR-27", all(line.unit_price >= 0 for line in invoice.lines)


def taxed(group: VatSubtotal) -> Decimal:
    return (group.base.decimal * group.rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_vat_id(tax_id: str | None) -> bool:
    return tax_id is not None and tax_id[:2].isalpha() and tax_id[2:].isdigit()
