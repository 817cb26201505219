"""What one may ask of a number series; numbers themselves are taken by the documents that need them."""

from dataclasses import dataclass

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.number_series.events import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSeries:
    series_id: StreamId
    series: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSeries:
    """Give no more numbers of a series, for good."""

    series_id: StreamId
    reason: str = ""
