"""The periods of a rhythm: pure functions of dates. A period is known by its first day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from invoicing_domain.model.recurring.events import Rhythm

_DAYS: Final = {"day": 1, "week": 7}
_MONTHS: Final = {"month": 1, "year": 12}


def period(rhythm: Rhythm, number: int) -> date:
    """The period of this number, counted from 0; each is reckoned from the start, so that the 31st comes back."""
    start = rhythm.starts_on
    if rhythm.unit in _DAYS:
        return start + timedelta(days=number * rhythm.every * _DAYS[rhythm.unit])
    year, month = divmod(start.year * 12 + start.month - 1 + number * rhythm.every * _MONTHS[rhythm.unit], 12)
    last = last_day(year, month + 1)
    return date(year, month + 1, last if rhythm.end_of_month else min(start.day, last))


def last_day(year: int, month: int) -> int:
    """The number of days of a month."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - timedelta(days=1)).day


def periods(rhythm: Rhythm, after: date | None) -> Iterator[date]:
    """The periods that begin later than `after` (None: all), in order, as long as the rhythm goes on."""
    number = 0 if after is None else _first_after(rhythm, after)
    while rhythm.count is None or number < rhythm.count:
        begins = period(rhythm, number)
        if rhythm.ends_on is not None and begins > rhythm.ends_on:
            return
        yield begins
        number += 1


def _first_after(rhythm: Rhythm, after: date) -> int:
    """The number of the first period that begins after a day."""
    start = rhythm.starts_on
    if rhythm.unit in _DAYS:
        passed = (after - start).days // (rhythm.every * _DAYS[rhythm.unit])
    else:
        months = (after.year - start.year) * 12 + after.month - start.month
        passed = months // (rhythm.every * _MONTHS[rhythm.unit]) - 1
    number = max(passed, 0)
    while period(rhythm, number) <= after:
        number += 1
    return number
