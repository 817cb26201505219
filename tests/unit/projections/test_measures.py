from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.receivable_movements.measures import OnTime, countback, measured, ratio
from projections.receivable_movements.query import AgingRow

JUNE_30 = date(2026, 6, 30)


def owed(not_due: int = 0, late: int = 0, unapplied: int = 0) -> AgingRow:
    return AgingRow(
        customer_id=None,
        customer_name=None,
        currency="RON",
        not_due=not_due,
        days_1_30=late,
        days_31_60=0,
        days_61_90=0,
        days_91_plus=0,
        unapplied=unapplied,
    )


def day_by_day(sales: dict[date, int], receivable: int) -> Decimal | None:
    """Counting back by its definition, one day after the other."""
    left, days = Decimal(receivable), Decimal(0)
    for back in range(60):
        amount = sales.get(JUNE_30 - timedelta(days=back), 0)
        if amount > 0 and amount >= left:
            return days + left / amount
        left -= max(amount, 0)
        days += 1
    return None


@given(
    st.dictionaries(st.integers(0, 59).map(lambda back: JUNE_30 - timedelta(days=back)), st.integers(-500, 5000)),
    st.integers(1, 50_000),
)
def test_counting_back_is_what_its_definition_says(sales: dict[date, int], receivable: int) -> None:
    found, expected = countback(sales, receivable, JUNE_30), day_by_day(sales, receivable)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert abs(found - expected) <= Decimal("0.005")


def test_the_family_by_hand() -> None:
    sales = {date(2026, 6, 10): 60_000, date(2026, 6, 25): 40_000, date(2026, 5, 1): 7}
    found = measured("RON", sales, owed(late=20_000), owed(40_000, 10_000), date(2026, 6, 1), JUNE_30)
    assert (found.days, found.sales, found.opening_receivable, found.closing_receivable) == (
        30,
        100_000,
        20_000,
        50_000,
    )
    assert found.dso == Decimal("15.00")  # 500.00 / 1,000.00 x 30
    assert found.best_possible_dso == Decimal("12.00")
    assert found.average_days_delinquent == Decimal("3.00")
    assert found.collection_effectiveness == Decimal("87.50")  # (200 + 1000 - 500) / (200 + 1000 - 400)
    assert found.dso_countback == Decimal("20.17")  # 400.00 up to 25 June, then 100.00 of 600.00 of 10 June


def test_without_sales_there_is_no_dso() -> None:
    found = measured("RON", {}, owed(late=500), owed(late=500), date(2026, 6, 1), JUNE_30)
    assert (found.dso, found.best_possible_dso, found.average_days_delinquent) == (None, None, None)
    assert found.dso_countback is None
    assert found.collection_effectiveness == Decimal("0.00")  # 5.00 to collect, nothing collected


def test_more_credited_than_invoiced_is_no_sale() -> None:
    found = measured("RON", {JUNE_30: -500}, None, owed(unapplied=-500), date(2026, 6, 1), JUNE_30)
    assert (found.sales, found.dso, found.collection_effectiveness) == (-500, None, None)


@pytest.mark.parametrize(("numerator", "expected"), [(1, "0.33"), (5, "1.67"), (-1, "-0.33"), (0, "0.00")])
def test_a_ratio_has_two_decimals(numerator: int, expected: str) -> None:
    assert ratio(numerator, 3) == Decimal(expected)
    assert ratio(numerator, 0) is None


def test_nothing_due_is_no_share() -> None:
    nothing = OnTime(currency="RON", invoices_due=0, invoices_on_time=0, value_due=0, value_on_time=0)
    assert (nothing.share_by_count, nothing.share_by_value) == (None, None)
