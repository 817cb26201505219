"""Hypothesis strategies for what people put into invoices."""

from decimal import ROUND_DOWN, Decimal

from hypothesis import settings
from hypothesis import strategies as st

from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.vat import Charge, Discount, Vat
from tests.support.facts import EXEMPTION

EXAMPLES = settings(max_examples=150)
"""More than the hundred that is usual, where money is added up. Raise it to dig."""

VATS = (
    Vat("S", Decimal(21)),
    Vat("S", Decimal(11)),
    Vat("S", Decimal("5.55")),
    Vat("E", Decimal(0)),
    Vat("AE", Decimal(0)),
)


def decimals(least: str, most: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=least, max_value=most, places=places, allow_nan=False, allow_infinity=False)


quantities = st.one_of(
    st.integers(1, 12).map(Decimal), decimals("0.000001", "999.999999", 6), st.just(Decimal("0.333333"))
)
unit_prices = st.one_of(
    st.sampled_from(["0.005", "0.01", "0.015", "0.05", "1.00"]).map(Decimal),
    decimals("0", "2.00", 3),
    decimals("0", "99999.99", 2),
    decimals("0", "9.999999", 6),
)
percents = decimals("0", "100", 2)
vats = st.sampled_from(VATS)


@st.composite
def line_discounts(draw: st.DrawFn, full: Decimal) -> Discount | None:
    kind = draw(st.sampled_from(["none", "none", "percent", "amount"]))
    if kind == "none":
        return None
    if kind == "percent":
        return Discount(percent=draw(percents))
    most = abs(full).quantize(Decimal("0.01"), ROUND_DOWN)
    return Discount(amount=draw(decimals("0", f"{most:f}", 2)))


@st.composite
def line_inputs(draw: st.DrawFn, *, negative: bool = False) -> LineInput:
    quantity = draw(quantities) * (draw(st.sampled_from([1, 1, -1])) if negative else 1)
    price = draw(unit_prices)
    vat = draw(vats)
    return LineInput(
        description="Linie",
        quantity=quantity,
        unit_price=price,
        vat=vat,
        discount=draw(line_discounts(quantity * price)),
        price_includes_vat=draw(st.booleans()),
        exemption=EXEMPTION if vat.category == "E" else None,
    )


@st.composite
def document_charges(draw: st.DrawFn) -> tuple[Charge, ...]:
    """Up to three charges, some of a rate that no line has."""
    charges = []
    for n in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        vat = draw(vats)
        percent, amount = draw(percents), draw(decimals("0", "500", 2))
        by_percent = draw(st.booleans())
        charges.append(
            Charge(
                description=f"Transport {n}",
                vat=vat,
                percent=percent if by_percent else None,
                amount=None if by_percent else amount,
                exemption=EXEMPTION if vat.category == "E" else None,
            )
        )
    return tuple(charges)


document_discounts = st.one_of(
    st.none(), percents.map(lambda percent: Discount(percent=percent)), decimals("0", "50", 2).map(
        lambda amount: Discount(amount=amount)
    )
)  # fmt: skip
