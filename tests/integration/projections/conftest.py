"""Half a year of one company, projected once and shared by all tests that only read; others make their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.support.commands import ORGANIZATION
from tests.support.databases import fresh_database
from tests.support.histories import History, random_history


@dataclass(frozen=True)
class Company:
    """The database of an organization with a history, for reading only."""

    url: str
    history: History


@pytest.fixture(scope="session")
def company(template: EmbeddedPostgres) -> Iterator[Company]:
    with fresh_database(template) as url:
        ledger = Ledger(url)
        lived = random_history(InvoicingService(ledger), ORGANIZATION, seed=7, steps=350)
        ledger.close()
        Runner(url).catch_up()
        yield Company(url, lived)


@pytest.fixture
def history(company: Company) -> History:
    return company.history


@pytest.fixture
def ledger(company: Company) -> Iterator[Ledger]:
    opened = Ledger(company.url)
    yield opened
    opened.close()


@pytest.fixture
def connection(company: Company) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(company.url, autocommit=True) as opened:
        yield opened
