from datetime import date

import pytest

from invoicing_domain.model.number_series.commands import OpenSeries
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import Series, SeriesOpened
from invoicing_domain.model.number_series.state import evolve
from tests.support.facts import IZV, SERIES, TODAY, allocated, opened
from tests.support.sentences import given, on, refused


def opening(prefix: str = "IZV", first: int = 1) -> OpenSeries:
    return OpenSeries(series_id=SERIES, series=Series(document="invoice", prefix=prefix, first=first))


def test_a_series_is_opened_once() -> None:
    given().when(opening()).then(on(SERIES, opened()))
    given(on(SERIES, opened())).when(opening()).then()
    given(on(SERIES, opened(), allocated(1))).when(opening()).then()


def test_a_series_is_not_opened_again_with_another_beginning() -> None:
    given(on(SERIES, opened())).when(opening(first=100)).then(refused("series_exists", prefix="IZV"))


@pytest.mark.parametrize("prefix", ["", "izv", "-IZV", "ABCDEFGHIJK", "IZ V", "ȚARA", "IZV\n", "１"])
def test_a_prefix_beside_the_rule_is_refused(prefix: str) -> None:
    given().when(opening(prefix)).then(refused("series_prefix_invalid"))


@pytest.mark.parametrize("prefix", ["A", "2026", "CJ/26-", "ABCDEFGHIJ"])
def test_capital_letters_digits_slashes_and_dashes_make_a_prefix(prefix: str) -> None:
    given().when(opening(prefix)).then(on(SERIES, SeriesOpened(series=Series(document="invoice", prefix=prefix))))


@pytest.mark.parametrize("first", [0, -1])
def test_numbers_begin_at_one_or_later(first: int) -> None:
    given().when(opening(first=first)).then(refused("series_first_invalid", first=first))


def test_numbers_run_on_from_the_declared_first_past_the_six_digits() -> None:
    state = evolve(None, SeriesOpened(series=Series(document="invoice", prefix="IZV", first=999_999)))
    numbers = []
    for _ in range(2):
        fact = allocate(state, "IZV", "document", TODAY)
        numbers.append(fact.number)
        state = evolve(state, fact)
    assert numbers == ["IZV999999", "IZV1000000"]


def test_the_last_fact_alone_is_the_whole_state() -> None:
    whole = evolve(evolve(None, opened()), allocated(1))
    assert whole == evolve(None, allocated(1))
    assert (whole.series, whole.next_value, whole.last_issue_date) == (IZV, 2, date(2026, 11, 23))
