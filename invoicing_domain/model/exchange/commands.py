"""What one may ask of exchange rates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing_domain.model.exchange.events import DayRates
from invoicing_domain.model.identity import StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRates:
    """Take down what BNR published; `rates_id` is the stream of the last month among the days."""

    rates_id: StreamId
    days: tuple[DayRates, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRate:
    """A rate that somebody states for a document; without a date it is of the day of the document."""

    rate: Decimal
    on: date | None = None
