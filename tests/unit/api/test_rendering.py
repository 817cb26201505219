"""Positions are filled in when they are known, and plain numbers are plain."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.positions import with_position
from api.translation.amounts import amount, plain
from invoicing_domain.model.money import LARGEST_MINOR, Money
from invoicing_domain.model.reference.currencies import MINOR_DIGITS


def test_positions_are_counted_back_from_the_last_fact() -> None:
    body = b'{"credit_note":{"position":-2},"invoice":{"position":-3},"old":{"position":17},"reissued":{"position":-1}}'
    filled = msgspec.json.decode(with_position(body, 100))
    assert [one["position"] for one in filled.values()] == [99, 98, 17, 100]


def test_a_text_that_looks_like_a_position_stays_as_it_is() -> None:
    body = msgspec.json.encode({"notes": '"position":-1', "position": -1})
    assert msgspec.json.decode(with_position(body, 5)) == {"notes": '"position":-1', "position": 5}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("21.00", "21"),
        ("0.50", "0.5"),
        ("0", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-3.140", "-3.14"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_number_is_written_without_exponent_or_idle_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR) | st.integers(-1_100, 1_100), st.sampled_from(sorted(MINOR_DIGITS)))
def test_an_amount_is_written_with_the_digits_of_its_currency(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert amount(money) == f"{money.decimal:f}"


def test_an_amount_in_no_currency_is_not_written() -> None:
    with pytest.raises(ValueError, match="not a currency code"):
        amount(Money(1, "XXX"))
