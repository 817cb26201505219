"""What happened to exchange rates: they were published, and taken down month by month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

RateSource = Literal["BNR", "given"]
"""The National Bank of Romania, or whoever wrote the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A rate as a document keeps it: one unit of its own currency is `rate` of `base`, by `source`, of `date`."""

    base: str
    rate: Decimal
    date: date
    source: RateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRates:
    """The rates of one day: what one unit of each currency is worth."""

    date: date
    rates: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesPublished:
    """Rates of days of one month; a day that comes again takes the place of what was known of it."""

    base: str
    source: RateSource
    days: tuple[DayRates, ...]


ExchangeFact = RatesPublished
