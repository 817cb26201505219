"""The rates of one month, as their facts tell them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing_domain.model.exchange.events import ExchangeFact


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfRates:
    days: dict[date, dict[str, Decimal]]

    def last(self, currency: str, day: date) -> tuple[date, Decimal] | None:
        """The newest rate of a currency on or before a day of this month."""
        known = [published for published, rates in self.days.items() if published <= day and currency in rates]
        return (max(known), self.days[max(known)][currency]) if known else None


def evolve(state: MonthOfRates | None, fact: ExchangeFact) -> MonthOfRates:
    known = dict(state.days) if state else {}
    return MonthOfRates(days=known | {day.date: day.rates for day in fact.days})
