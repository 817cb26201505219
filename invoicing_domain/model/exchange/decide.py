"""Which rates are taken down, and which one a document gets."""

from datetime import date, timedelta
from typing import Final

from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.exchange.events import DayRates, Exchange, RatesPublished
from invoicing_domain.model.exchange.state import MonthOfRates
from invoicing_domain.model.refusal import Refusal

BASE: Final = "RON"
"""BNR says what a unit of another currency is worth in lei; VAT in Romania is stated in lei (BT-6)."""

OLDEST_DAYS: Final = 10
"""Longer than any row of bank holidays: a rate older than this means that the table was not kept."""


def publish(state: MonthOfRates | None, days: tuple[DayRates, ...]) -> tuple[RatesPublished, ...]:
    """Days of one month; those that say nothing new are left out."""
    known = state.days if state else {}
    for day in days:
        if BASE in day.rates or any(rate <= 0 for rate in day.rates.values()):
            raise Refusal("rate_invalid", "a rate is more than zero, and lei have none", date=day.date.isoformat())
    fresh = tuple(day for day in days if known.get(day.date) != day.rates)
    return (RatesPublished(base=BASE, source="BNR", days=fresh),) if fresh else ()


def given(rate: GivenRate, currency: str, day: date) -> Exchange:
    """A stated rate, recorded as stated."""
    if rate.rate <= 0 or currency == BASE:
        raise Refusal("rate_invalid", "a rate is more than zero, and between two currencies", rate=f"{rate.rate:f}")
    if rate.on is not None and rate.on > day:
        raise Refusal("rate_invalid", f"the rate is of {rate.on}, after the document", date=rate.on.isoformat())
    return Exchange(base=BASE, rate=rate.rate, date=rate.on or day, source="given")


def month_before(day: date) -> date:
    """A day of the month before; in the first month there is, the day itself."""
    first = day.replace(day=1)
    return first - timedelta(days=1) if first > date.min else first


def published(
    currency: str, day: date, this_month: MonthOfRates | None, last_month: MonthOfRates | None
) -> Exchange | None:
    """The rate of a day, or the last one before it: there is none on weekends and holidays."""
    for month in (this_month, last_month):
        found = month.last(currency, day) if month else None
        if found is not None:
            of, rate = found
            return Exchange(base=BASE, rate=rate, date=of, source="BNR") if (day - of).days <= OLDEST_DAYS else None
    return None


def missing(currency: str, day: date) -> Refusal:
    return Refusal(
        "exchange_rate_missing",
        f"there is no BNR rate of {currency} for {day} (nor in the {OLDEST_DAYS} days before): import the rates "
        "(POST /api/v1/exchange-rates, izvor import-rates FILE) or give one (exchange.rate)",
        currency=currency,
        date=day.isoformat(),
    )
