"""Which number comes next, and when it may be given."""

import re
from datetime import date

from invoicing_domain.model.number_series.commands import CloseSeries, OpenSeries
from invoicing_domain.model.number_series.events import NumberAllocated, Series, SeriesClosed, SeriesOpened
from invoicing_domain.model.number_series.state import NumberSeries
from invoicing_domain.model.refusal import Refusal

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,9}")


def open_series(state: NumberSeries | None, command: OpenSeries, *, taken: bool = False) -> tuple[SeriesOpened, ...]:
    """`taken`: another kind of document has this prefix, so that two documents would have one number."""
    series = command.series
    if state is not None:
        _check_open(state)
        if state.series == series:
            return ()
        raise Refusal("series_exists", f"series {series.prefix} is open already", prefix=series.prefix)
    if not _PREFIX.fullmatch(series.prefix):
        raise Refusal(
            "series_prefix_invalid",
            "a prefix has 1 to 10 capital letters, digits, slashes and dashes, and begins with a letter or digit",
            prefix=series.prefix,
        )
    if taken:
        raise Refusal(
            "series_prefix_taken",
            f"another kind of document has the prefix {series.prefix}: two documents would have the same number",
            prefix=series.prefix,
        )
    if series.first < 1:
        raise Refusal("series_first_invalid", "the first number is at least 1", first=series.first)
    if series.valid_from is not None and series.valid_to is not None and series.valid_to < series.valid_from:
        raise Refusal(
            "series_validity_invalid",
            f"a series cannot end on {series.valid_to}, before it begins on {series.valid_from}",
            valid_from=str(series.valid_from),
            valid_to=str(series.valid_to),
        )
    return (SeriesOpened(series=series),)


def close_series(
    state: NumberSeries | None, command: CloseSeries, today: date, default_prefix: str | None
) -> tuple[SeriesClosed, ...]:
    """`default_prefix` is the series that documents of this kind get when nobody names one."""
    if state is None:
        raise Refusal("not_found", "there is no such series")
    if state.closed_on is not None:
        return ()
    if state.series.prefix == default_prefix:
        raise Refusal(
            "series_is_default",
            f"{default_prefix} is the series that is used when none is named; make another one the default first",
            prefix=default_prefix,
        )
    closed = SeriesClosed(
        series=state.series,
        next_value=state.next_value,
        last_issue_date=state.last_issue_date,
        date=today,
        reason=command.reason,
    )
    return (closed,)


def check_default(state: NumberSeries | None, prefix: str) -> None:
    """Refuse to make a series the default that gives no numbers."""
    if state is None:
        raise Refusal("series_not_found", f"there is no series {prefix} for this kind of document", prefix=prefix)
    _check_open(state)


def allocate(
    state: NumberSeries | None, prefix: str, document_id: str, issue_date: date, claim: int | None = None
) -> NumberAllocated:
    """The next number, for a document dated `issue_date`; order of numbers is order of issue and of dates."""
    if state is None:
        raise Refusal("series_not_found", f"there is no series {prefix} for this kind of document", prefix=prefix)
    _check_open(state)
    _check_valid(state.series, issue_date)
    if state.last_issue_date is not None and issue_date < state.last_issue_date:
        raise Refusal(
            "issue_date_before_last",
            f"series {prefix} has already issued a document dated {state.last_issue_date}; "
            "a document's date cannot precede it",
            issue_date=issue_date.isoformat(),
            last_issue_date=state.last_issue_date.isoformat(),
        )
    value = state.next_value
    check_claim(state, claim)
    if claim is not None and claim != value:
        raise Refusal(
            "number_not_next",
            f"number {claim} would leave a hole: the next number of series {prefix} is {value}",
            claimed=claim,
            next=value,
        )
    return NumberAllocated(
        series=state.series,
        value=value,
        number=f"{prefix}{value:0{state.series.width}d}",
        document_id=document_id,
        issue_date=issue_date,
    )


def _check_open(state: NumberSeries) -> None:
    if state.closed_on is not None:
        raise Refusal(
            "series_closed",
            f"series {state.series.prefix} was closed on {state.closed_on}; choose another one",
            prefix=state.series.prefix,
            closed_on=str(state.closed_on),
        )


def _check_valid(series: Series, issue_date: date) -> None:
    early = series.valid_from is not None and issue_date < series.valid_from
    late = series.valid_to is not None and issue_date > series.valid_to
    if early or late:
        raise Refusal(
            "series_not_valid",
            f"series {series.prefix} is not meant for documents dated {issue_date}; choose another one",
            issue_date=str(issue_date),
            valid_from=None if series.valid_from is None else str(series.valid_from),
            valid_to=None if series.valid_to is None else str(series.valid_to),
        )


def check_claim(state: NumberSeries | None, claim: int | None) -> None:
    """Refuse a number that the series has given out (or skipped as lower than its first) already."""
    if claim is not None and state is not None and claim < state.next_value:
        raise Refusal("number_in_use", "The Invoice number is already in use", claimed=claim, next=state.next_value)
