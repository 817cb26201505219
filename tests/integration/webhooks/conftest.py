"""A company, a receiver that takes everything, and the workers between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.receiver import Receiver, receiver
from tests.support.reminders import Company, HandClock, work_pool
from tests.support.webhooks import Webhooks


@dataclass
class World:
    webhooks: Webhooks
    company: Company
    clock: HandClock
    receiver: Receiver


@pytest.fixture
def world(database: str) -> Iterator[World]:
    ledger = Ledger(database)
    clock = HandClock(datetime(2026, 11, 24, 8, tzinfo=UTC))
    with work_pool(database) as pool, receiver() as receiving:
        company = Company(InvoicingService(ledger), ledger, clock).register()
        webhooks = Webhooks(database=database, ledger=ledger, pool=pool, clock=clock)
        yield World(webhooks, company, clock, receiving)
    ledger.close()
