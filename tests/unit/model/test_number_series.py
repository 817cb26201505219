from dataclasses import replace
from datetime import date

import pytest

from invoicing_domain.model.identity import series_id
from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.decide import allocate
from invoicing_domain.model.number_series.events import Series, SeriesClosed, SeriesOpened
from invoicing_domain.model.number_series.state import evolve
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.model.organization.events import (
    OrganizationChanged,
    OrganizationProfile,
    OrganizationRegistered,
)
from invoicing_domain.model.refusal import Refusal
from tests.support.facts import (
    IZV,
    ORGANIZATION,
    SENDING,
    SERIES,
    TODAY,
    allocated,
    draft_invoice,
    line_input,
    opened,
)
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


def closing(reason: str = "") -> CloseSeries:
    return CloseSeries(series_id=SERIES, reason=reason)


def test_a_series_has_a_decision_and_a_time_that_it_is_meant_for() -> None:
    series = replace(IZV, decision="Decizia 3/2026", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    given().when(OpenSeries(series_id=SERIES, series=series)).then(on(SERIES, opened(series)))
    backwards = replace(series, valid_from=date(2027, 1, 1))
    given().when(OpenSeries(series_id=SERIES, series=backwards)).then(refused("series_validity_invalid"))


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 25)])
def test_a_document_dated_outside_of_it_gets_no_number(day: date) -> None:
    series = replace(IZV, valid_from=date(2026, 11, 23), valid_to=date(2026, 11, 24))
    state = evolve(None, SeriesOpened(series=series))
    for fine in (date(2026, 11, 23), date(2026, 11, 24)):
        assert allocate(state, "IZV", "document", fine).value == 1
    with pytest.raises(Refusal) as caught:
        allocate(state, "IZV", "document", day)
    assert caught.value.code == "series_not_valid"


def test_a_closed_series_gives_no_number_and_is_not_opened_again() -> None:
    closed = SeriesClosed(series=IZV, next_value=2, last_issue_date=TODAY, date=TODAY, reason="Final de an")
    given(on(SERIES, opened(), allocated(1))).when(closing("Final de an")).then(on(SERIES, closed))
    history = on(SERIES, opened(), allocated(1), closed)
    given(history).when(closing()).then()
    given(history).when(opening()).then(refused("series_closed", prefix="IZV"))
    given(history).when(draft_invoice(line_input(), sending=SENDING)).then(refused("series_closed"))
    given().when(closing()).then(refused("not_found"))


def test_the_series_that_is_used_when_none_is_named_is_not_closed() -> None:
    company = on(ORGANIZATION, OrganizationRegistered(profile=OrganizationProfile(name="Izvor Demo SRL")))
    given(company, on(SERIES, opened())).when(closing()).then(refused("series_is_default", prefix="IZV"))


def test_a_default_series_is_one_that_gives_numbers() -> None:
    profile = OrganizationProfile(name="Izvor Demo SRL")
    company = on(ORGANIZATION, OrganizationRegistered(profile=profile))
    other = Series(document="invoice", prefix="CJ")
    cj = series_id(ORGANIZATION, "invoice", "CJ")
    change = ChangeOrganization(organization_id=ORGANIZATION, changes={"invoice_series": "CJ"})
    given(company).when(change).then(refused("series_not_found", prefix="CJ"))
    given(company, on(cj, opened(other))).when(change).then(
        on(ORGANIZATION, OrganizationChanged(profile=replace(profile, invoice_series="CJ")))
    )
    closed = SeriesClosed(series=other, next_value=1, last_issue_date=None, date=TODAY, reason="")
    given(company, on(cj, opened(other), closed)).when(change).then(refused("series_closed"))


def test_two_kinds_of_documents_never_have_the_same_numbers() -> None:
    of_notes = series_id(ORGANIZATION, "credit_note", "IZV")
    opening_notes = OpenSeries(series_id=of_notes, series=Series(document="credit_note", prefix="IZV"))
    given(on(SERIES, opened())).when(opening_notes).then(refused("series_prefix_taken", prefix="IZV"))
