"""A number series as its last fact tells it."""

from dataclasses import dataclass
from datetime import date

from invoicing_domain.model.number_series.events import (
    NumberAllocated,
    NumberSeriesFact,
    Series,
    SeriesClosed,
    SeriesOpened,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries:
    series: Series
    next_value: int
    last_issue_date: date | None = None
    closed_on: date | None = None


def evolve(_: NumberSeries | None, fact: NumberSeriesFact) -> NumberSeries:
    match fact:
        case SeriesOpened(series=series):
            return NumberSeries(series=series, next_value=series.first)
        case NumberAllocated(series=series, value=value, issue_date=issue_date):
            return NumberSeries(series=series, next_value=value + 1, last_issue_date=issue_date)
        case SeriesClosed(series=series, next_value=value, last_issue_date=issue_date, date=closed_on):
            return NumberSeries(series=series, next_value=value, last_issue_date=issue_date, closed_on=closed_on)
