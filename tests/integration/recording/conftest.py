"""Fixtures for the suites about recording: a ledger on a database of its own, and one company in it."""

from collections.abc import Iterator

import pytest

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.commands import context, register_organization


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    with Ledger(database) as running:
        yield running


@pytest.fixture
def service(ledger: Ledger) -> InvoicingService:
    """A service with one company registered: positions 1 to 3 are taken."""
    service = InvoicingService(ledger)
    service.execute(register_organization(), context())
    return service
