"""Rates of VAT by date. Romania; other countries are absent, so their rates are neither proposed nor questioned."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent and the tax points for which it is law; `last` is None while it is in force."""

    percent: Decimal
    first: date
    last: date | None
    standard: bool
    source: str

    def in_force(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


ROMANIA: Final = (
    Rate(Decimal(21), date(2025, 8, 1), None, True, "Cod fiscal art. 291 (1), Legea 141/2025"),
    Rate(Decimal(11), date(2025, 8, 1), None, False, "Cod fiscal art. 291 (2), Legea 141/2025"),
    # 9 percent outlived 2025-07-31 for homes paid in advance before that day
    Rate(Decimal(9), date(2016, 1, 1), date(2026, 7, 31), False, "Cod fiscal art. 291 (2), Legea 227/2015, 141/2025"),
    Rate(Decimal(19), date(2017, 1, 1), date(2025, 7, 31), True, "Cod fiscal art. 291 (1), Legea 227/2015"),
    Rate(Decimal(5), date(2016, 1, 1), date(2025, 7, 31), False, "Cod fiscal art. 291 (3), Legea 227/2015"),
)

RATES: Final = {"RO": ROMANIA}


def rates_in_force(country: str, day: date) -> tuple[Rate, ...] | None:
    """The rates that are law on a tax point, the standard rate first; None when the table does not know."""
    found = [rate for rate in RATES.get(country, ()) if rate.in_force(day)]
    if not any(rate.standard for rate in found):
        return None
    return tuple(sorted(found, key=lambda rate: not rate.standard))


def standard_rate(country: str, day: date) -> Decimal | None:
    """The standard rate on a tax point; None when the table does not know."""
    found = rates_in_force(country, day)
    return None if found is None else found[0].percent
