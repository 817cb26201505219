"""Five years, day by day: customers come, invoices are drafted, and every life goes on when its day has come."""

import heapq
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Final

from deploy.demo_data.desk import Desk, Sale
from deploy.demo_data.lives import Life, drafted
from deploy.demo_data.market import Customer, customer
from invoicing_domain.model.customer.commands import RegisterCustomer

YEARS: Final = 5
FROM_THE_BEGINNING: Final = 0.3
"""The share of customers that are there on the first day; the others come evenly over the years."""

GROWTH: Final = 0.5
"""How much busier the last day is than the first."""

SATURDAY: Final = 5


class Agenda:
    """Lives by the day on which they go on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[tuple[date, int, Sale, Life]] = []
        self._order = count()

    def begin(self, sale: Sale, life: Life) -> None:
        sale.lives += 1
        self._go_on(sale, life)

    def wake(self) -> None:
        """Everybody whose day has come."""
        while self._waiting and self._waiting[0][0] <= self._desk.today:
            _, _, sale, life = heapq.heappop(self._waiting)
            self._go_on(sale, life)

    def _go_on(self, sale: Sale, life: Life) -> None:
        day = next(life, None)
        if day is not None:
            heapq.heappush(self._waiting, (day, next(self._order), sale, life))
            return
        sale.lives -= 1
        if sale.lives == 0:
            sale.customer.owing.pop(sale.invoice_id, None)
            self._desk.settle(sale.invoice_id)


def tell(desk: Desk, *, invoices: int, customers: int, until: date) -> Iterator[int]:
    """The whole history; yields how many invoices were drafted, at the end of each day."""
    agenda = Agenda(desk)
    known: list[Customer] = []
    days = _working_days(until)
    done = 0
    for number, day in enumerate(days, start=1):
        desk.turn_to(day)
        passed = number / len(days)
        while len(known) < customers * (FROM_THE_BEGINNING + (1 - FROM_THE_BEGINNING) * passed):
            known.append(_registered(desk))
        agenda.wake()
        while done < round(invoices * passed * (1 + GROWTH * passed) / (1 + GROWTH)):
            drafted(desk, agenda.begin, _chosen(desk, known))
            done += 1
        yield done


def _working_days(until: date) -> list[date]:
    first = until - timedelta(days=round(YEARS * 365.25))
    return [
        day for day in (first + timedelta(days=n) for n in range((until - first).days + 1)) if day.weekday() < SATURDAY
    ]


def _registered(desk: Desk) -> Customer:
    customer_id, reference = desk.document("customer")
    found = customer(desk.chance, customer_id, reference)
    desk.do(RegisterCustomer(customer_id=customer_id, reference=reference, profile=found.profile))
    desk.settle(customer_id)
    return found


def _chosen(desk: Desk, known: list[Customer]) -> Customer:
    """Old customers buy more: a hundredth of them makes a tenth of the invoices."""
    return known[int(len(known) * desk.chance.random() ** 2)]
