from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, SIGNED_AMOUNT, UNIT_PRICE, Scale, decimal_of
from invoicing_domain.model.dates import days_overdue, due_after, local_date, terms_fit
from invoicing_domain.model.identity import resolve, series_id, stream_id
from invoicing_domain.model.money import Money, exact, least, minor_digits, rounded_half_away_from_zero, share_of, zero
from invoicing_domain.model.reference.currencies import MINOR_DIGITS
from invoicing_domain.model.vat import Discount, discounted_net, spread
from tests.support.facts import ORGANIZATION, ron


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("0.005", 1), ("-0.005", -1), ("0.0049999999999999999999999999999999", 0), ("2.675", 268), ("-2.674999", -267)],
)
def test_half_a_ban_goes_away_from_zero(amount: str, minor: int) -> None:
    assert rounded_half_away_from_zero(Decimal(amount), "RON") == Money(minor, "RON")


def test_a_price_times_a_quantity_is_rounded_once_however_many_digits_they_have() -> None:
    net = discounted_net(Decimal("123456789.000001"), Decimal("81000.004999"), None, "RON")
    product = 123456789_000001 * 81000_004999
    assert net.minor == (product + 5 * 10**9) // 10**10
    just_below = discounted_net(
        Decimal("9999999.999999"), Decimal("1000000.004999"), Discount(percent=Decimal("0.01")), "RON"
    )
    exactly = 9999999_999999 * 1000000_004999 * 9999
    assert just_below.minor == (exactly + 5 * 10**13) // 10**14


def test_money_of_two_currencies_does_not_mix() -> None:
    for mix in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        with pytest.raises(ValueError, match="cannot combine RON with EUR"):
            mix(Money(1, "RON"), Money(1, "EUR"))
    assert Money(1, "RON") != Money(1, "EUR")


def test_money_knows_the_digits_of_its_currency() -> None:
    assert [str(Money(-1, currency)) for currency in ("JPY", "RON", "KWD")] == ["-1 JPY", "-0.01 RON", "-0.001 KWD"]
    assert (minor_digits("RON"), set(MINOR_DIGITS.values())) == (2, {0, 2, 3})
    assert -ron("1.00") == ron("-1.00")
    assert (bool(zero("RON")), bool(ron("0.01"))) == (False, True)
    assert least(ron("2.00"), ron("1.00")) == ron("1.00")


def test_an_amount_that_somebody_stated_is_not_rounded() -> None:
    assert exact(Decimal("1.500"), "RON") == ron("1.50")
    with pytest.raises(ValueError, match="more than 2 decimals"):
        exact(Decimal("1.501"), "RON")
    with pytest.raises(ValueError, match="not a currency code"):
        exact(Decimal(1), "LEU")


def test_a_share_is_rounded_half_away_from_zero_too() -> None:
    assert [share_of(ron(whole), 1, 2).minor for whole in ("0.01", "-0.01", "0.02")] == [1, -1, 1]
    assert share_of(ron("0.01"), Decimal("0.499999"), 1) == ron("0.00")


def test_a_spread_is_in_proportion_and_weights_that_cancel_out_lose_nothing() -> None:
    assert spread(ron("1.00"), [ron("1.00")] * 3) == [ron("0.34"), ron("0.33"), ron("0.33")]
    assert spread(ron("1.00"), [ron("-1.00")] * 3) == [ron("0.34"), ron("0.33"), ron("0.33")]
    assert spread(ron("5.00"), [ron("100.00"), ron("-100.00")]) == [ron("5.00"), ron("0.00")]
    assert spread(ron("0.01"), [ron("0.00"), ron("7.00")]) == [ron("0.00"), ron("0.01")]
    assert spread(ron("5.00"), []) == []


NOT_NUMBERS = (
    *("", " ", "1e2", "1E2", "NaN", "Infinity", "-Infinity", "sNaN", "1,5", "1 000", "+1", ".5", "5.", "00", "01"),
    *("--1", "1\n", "\n1", "1.0\n", " 1", "1 ", "1_000", "0x1", "1\x00", "1." + "0" * 7),
    *("１", "1２", "1.２", "٣", "1٣", "−1", "½"),
)


@pytest.mark.parametrize("text", NOT_NUMBERS)
@pytest.mark.parametrize("scale", [AMOUNT, SIGNED_AMOUNT, QUANTITY, UNIT_PRICE, PERCENT])
def test_what_is_not_a_plain_decimal_number_is_refused(text: str, scale: Scale) -> None:
    with pytest.raises(ValueError, match="is not a plain decimal number"):
        decimal_of(text, scale)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("9999999999999.999", AMOUNT),
        ("-0.5", SIGNED_AMOUNT),
        ("-999999999.999999", QUANTITY),
        ("999999999999.999999", UNIT_PRICE),
        ("0", UNIT_PRICE),
        ("999.99", PERCENT),
    ],
)
def test_a_number_within_its_scale_is_read_as_it_stands(text: str, scale: Scale) -> None:
    assert f"{decimal_of(text, scale):f}" == text


@pytest.mark.parametrize(
    ("text", "scale"), [("-1", AMOUNT), ("-1", UNIT_PRICE), ("10000000000000", AMOUNT), ("1000", PERCENT)]
)
def test_a_number_beyond_its_scale_is_refused(text: str, scale: Scale) -> None:
    with pytest.raises(ValueError, match="at most"):
        decimal_of(text, scale)


def test_dates_follow_the_calendar_they_are_given() -> None:
    assert local_date(datetime(2026, 12, 31, 22, 30, tzinfo=UTC), "Europe/Bucharest") == date(2027, 1, 1)
    assert due_after(date(2026, 1, 31), 30) == date(2026, 3, 2)
    assert [days_overdue(date(2026, 3, 2), date(2026, 3, day)) for day in (1, 2, 3)] == [0, 0, 1]
    assert [terms_fit(days) for days in (-1, 0, 3650, 3651)] == [False, True, True, False]


@pytest.mark.parametrize("reference", [0, -1, 2**48])
def test_a_reference_outside_its_range_has_no_stream(reference: int) -> None:
    with pytest.raises(ValueError, match="a reference is a positive integer"):
        stream_id("invoice", ORGANIZATION, reference)


def test_the_names_of_streams_are_for_ever() -> None:
    assert stream_id("invoice", ORGANIZATION, 1) == "00000000-0001-8974-b989-46008f059fee"
    assert series_id(ORGANIZATION, "invoice", "IZV") == "00000000-0000-8f5d-8581-7b2532e43f6e"


def test_amounts_are_ordered_and_equals_are_not_less() -> None:
    assert not ron("1.00") < ron("1.00")
    assert not ron("1.00") > ron("1.00")
    assert ron("1.00") <= ron("1.00")
    assert ron("1.00") >= ron("1.00")


def test_a_reference_and_an_id_name_the_same_document_and_nothing_else_does() -> None:
    own = stream_id("invoice", ORGANIZATION, 17)
    assert resolve("invoice", ORGANIZATION, "17") == own
    assert resolve("invoice", ORGANIZATION, "1") == stream_id("invoice", ORGANIZATION, 1)
    assert resolve("invoice", ORGANIZATION, own) == resolve("invoice", ORGANIZATION, own.upper()) == own
    assert resolve("customer", ORGANIZATION, own) is None
    assert resolve("invoice", "01940000-0000-7000-8000-00000000000e", own) is None
    nothing = ("0", "-1", "１７", "", "x", str(1 << 48), "9" * 16, own + "0", own[:-1])
    assert [resolve("invoice", ORGANIZATION, text) for text in nothing] == [None] * len(nothing)
    assert resolve("invoice", ORGANIZATION, str((1 << 48) - 1)) == stream_id("invoice", ORGANIZATION, (1 << 48) - 1)
