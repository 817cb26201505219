"""The totals algebra against exact fractions, for any lines and discounts."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.invoice.lines import LineInput, as_input, document_totals, priced
from invoicing_domain.model.money import Money, rounded_half_away_from_zero, share_of
from invoicing_domain.model.vat import Charge, Discount, Vat, spread
from tests.support.shadow import net_of, off, rounded
from tests.support.strategies import EXAMPLES, document_charges, document_discounts, line_inputs, unit_prices, vats

amounts = st.integers(-(10**12), 10**12)


@EXAMPLES
@given(line_inputs(negative=True))
def test_the_net_of_a_line_is_rounded_once(wanted: LineInput) -> None:
    assert priced("1", wanted, "RON").net.minor == net_of(wanted)


@EXAMPLES
@given(st.lists(line_inputs(negative=True), max_size=6), document_discounts, document_charges())
def test_totals_add_up_to_the_ban(
    wanted: list[LineInput], discount: Discount | None, charges: tuple[Charge, ...]
) -> None:
    lines = [priced(str(n), one, "RON") for n, one in enumerate(wanted)]
    totals, breakdown = document_totals(lines, discount, "RON", charges)
    lines_net = sum(line.net.minor for line in lines)
    assert totals.lines_net.minor == lines_net
    assert totals.discount.minor == (rounded(off(discount, Fraction(lines_net, 100)) * 100) if lines else 0)
    added = [charged(charge, lines_net) for charge in charges]
    assert totals.charges.minor == sum(added)
    assert totals.net == totals.lines_net - totals.discount + totals.charges
    assert totals.gross == totals.net + totals.vat
    assert sum(part.base.minor for part in breakdown) == totals.net.minor
    assert sum(part.vat.minor for part in breakdown) == totals.vat.minor
    for part in breakdown:
        assert part.vat.minor == rounded(part.base.minor * Fraction(part.rate) / 100)
    groups = [(part.category, part.rate) for part in breakdown]
    vats = [line.vat for line in lines] + [charge.vat for charge in charges]
    assert sorted(groups) == sorted({(vat.category, vat.rate) for vat in vats})


def charged(charge: Charge, lines_net: int) -> int:
    """What a charge adds, in bani."""
    if charge.percent is not None:
        return rounded(lines_net * Fraction(charge.percent) / 100)
    return rounded(Fraction(charge.amount or 0) * 100)


@EXAMPLES
@given(st.lists(line_inputs(), min_size=1, max_size=6), document_charges())
def test_a_charge_lies_in_the_group_of_its_rate_alone(wanted: list[LineInput], charges: tuple[Charge, ...]) -> None:
    lines = [priced(str(n), one, "RON") for n, one in enumerate(wanted)]
    _, breakdown = document_totals(lines, None, "RON", charges)
    lines_net = sum(line.net.minor for line in lines)
    for part in breakdown:
        own = [line.net.minor for line in lines if line.vat == Vat(part.category, part.rate)]
        own += [charged(charge, lines_net) for charge in charges if charge.vat == Vat(part.category, part.rate)]
        assert part.base.minor == sum(own)


@EXAMPLES
@given(line_inputs(negative=True))
def test_a_line_written_down_asks_for_the_same_line_again(wanted: LineInput) -> None:
    line = priced("1", wanted, "RON")
    assert as_input(line) == wanted
    assert priced("1", as_input(line), "RON") == line


@EXAMPLES
@given(unit_prices, vats)
def test_a_net_price_that_was_worked_out_is_within_half_a_millionth(price: Decimal, vat: Vat) -> None:
    wanted = LineInput(description="Linie", quantity=Decimal(1), unit_price=price, vat=vat, price_includes_vat=True)
    line = priced("1", wanted, "RON")
    assert line.gross_price == price
    assert abs(Fraction(line.unit_price) - Fraction(price) / (1 + Fraction(vat.rate) / 100)) <= Fraction(1, 2 * 10**6)


@EXAMPLES
@given(amounts, st.lists(amounts, min_size=1, max_size=8))
def test_a_spread_loses_nothing(amount: int, weights: list[int]) -> None:
    shares = spread(Money(amount, "RON"), [Money(weight, "RON") for weight in weights])
    assert sum(share.minor for share in shares) == amount


@EXAMPLES
@given(amounts, st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any))
def test_a_share_of_a_spread_is_within_a_ban_of_its_proportion(amount: int, weights: list[int]) -> None:
    shares = spread(Money(amount, "RON"), [Money(weight, "RON") for weight in weights])
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor - Fraction(amount * weight, sum(weights))) < 1


@EXAMPLES
@given(amounts, st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_a_share_is_the_exact_quotient_rounded(amount: int, part: int, whole: int) -> None:
    minor = share_of(Money(amount, "RON"), Decimal(part).scaleb(-6), Decimal(whole).scaleb(-6)).minor
    assert minor == rounded(Fraction(amount * part, whole))


@EXAMPLES
@given(st.decimals(min_value="-1e15", max_value="1e15", allow_nan=False, allow_infinity=False))
def test_rounding_is_exact_for_any_decimal(amount: Decimal) -> None:
    assert rounded_half_away_from_zero(amount, "RON").minor == rounded(Fraction(amount) * 100)


@EXAMPLES
@given(amounts, amounts, amounts)
def test_money_is_an_ordered_group(first: int, second: int, third: int) -> None:
    a, b, c = (Money(minor, "RON") for minor in (first, second, third))
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert a + -a == Money(0, "RON")
    assert (a < b) == (first < second) == (b > a) == (not a >= b) == (not b <= a)
    assert rounded_half_away_from_zero(a.decimal, "RON") == a
