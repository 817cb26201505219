"""The desk at which the history is made: commands on a day of the past, through the product's own handlers."""

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from deploy.demo_data.market import RATES, Customer
from invoicing_domain.categories import INVOICE, ORGANIZATION
from invoicing_domain.handlers.table import HANDLERS
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.exchange.commands import GivenRate
from invoicing_domain.model.identity import Kind, StreamId, stream_id
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.organization.state import Organization, as_seller
from invoicing_domain.recording.bulk import Bulk
from invoicing_domain.work import Work

CLERK: Final = Actor(kind="user", id="demo", name="Maria Pop (demo)")
OPENING: Final = time(6, tzinfo=UTC)
OPEN_HOURS: Final = 10
BUSY: Final = 500
"""After so many commands half of the day is over; however many come, they fit into it, one after the other."""


@dataclass(slots=True)
class Sale:
    """An invoice that something may still happen to: as long as one of its lives goes on."""

    customer: Customer
    invoice_id: StreamId
    lives: int = 0


class Desk:
    """Today is the day last turned to; days only go forward."""

    def __init__(self, bulk: Bulk, organization_id: str, chance: Random) -> None:
        self._bulk = bulk
        self._done_today = 0
        self.organization_id = organization_id
        self.chance = chance
        self.today = date.min
        state = bulk.load(ORGANIZATION, organization_id).state
        if state is None:
            raise TypeError(f"organization {organization_id} is not registered")
        self.organization: Organization = state
        self.seller = as_seller(state)

    def turn_to(self, day: date) -> None:
        self.today, self._done_today = day, 0

    def do(self, command: Any) -> None:
        """Decide a command and take down its facts; raises Refusal."""
        context = self._context()
        with ExitStack() as exits:
            work = Work(self._bulk, lambda _: nullcontext(), exits)
            HANDLERS[type(command)].handle(command, context, work)
        self._bulk.record(work.changes, work.streams, context)

    def begin(self, stream_id: StreamId) -> StreamId:
        """A stream of its own for something that was never heard of."""
        self._bulk.begin(stream_id)
        return stream_id

    def document(self, kind: Kind) -> tuple[StreamId, int]:
        """Identity of the next document of a kind."""
        reference = self._bulk.next_reference(kind)
        return stream_id(kind, self.organization_id, reference), reference

    def invoice(self, invoice_id: StreamId) -> Invoice:
        state = self._bulk.load(INVOICE, invoice_id).state
        if state is None:
            raise TypeError(f"invoice {invoice_id} was forgotten too early")
        return state

    def is_open(self, invoice_id: StreamId) -> bool:
        invoice = self.invoice(invoice_id)
        return invoice.sent is not None and invoice.balance.minor > 0

    def rate(self, currency: str) -> GivenRate | None:
        return None if currency == self.organization.profile.currency else GivenRate(rate=RATES[currency])

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def in_days(self, fewest: int, most: int) -> date:
        return self.today + timedelta(days=self.chance.randint(fewest, most))

    def settle(self, stream_id: StreamId) -> None:
        """Nothing more will happen to this stream."""
        self._bulk.forget(stream_id)

    def _context(self) -> Context:
        self._done_today += 1
        into_the_day = timedelta(hours=OPEN_HOURS) * self._done_today / (self._done_today + BUSY)
        command_id = str(UUID(int=self.chance.getrandbits(128), version=4))
        return Context(
            at=datetime.combine(self.today, OPENING) + into_the_day,
            today=self.today,
            organization_id=self.organization_id,
            actor=CLERK,
            command_id=command_id,
            correlation_id=command_id,
            source="demo",
        )
