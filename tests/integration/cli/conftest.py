"""A company with a history, as a database of its own for each test, and the command line on it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import urlsplit

import psycopg
import pytest

from deploy.demo import PROFILE, load_demo
from deploy.first_start import register_organization
from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.keyring import VARIABLE
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.support.databases import fresh_database
from tests.support.stack import izvor

Cli = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session")
def demo_template(template: EmbeddedPostgres) -> Iterator[str]:
    """The name of a database with the demo company, projected to its end; nobody is connected to it."""
    with fresh_database(template) as url:
        with Ledger(url) as ledger:
            load_demo(ledger, register_organization(InvoicingService(ledger), PROFILE))
        Runner(url).catch_up()
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def company(template: EmbeddedPostgres, demo_template: str) -> Iterator[str]:
    """The URL of a demo company that only this test sees."""
    with fresh_database(template, template=demo_template) as url:
        yield url


@pytest.fixture
def organization(company: str) -> str:
    with psycopg.connect(company) as connection:
        row = connection.execute("SELECT DISTINCT organization_id::text FROM izvor.events").fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture
def cli(company: str, tmp_path: Path) -> Cli:
    """`izvor ARGUMENTS` on the company, with the secret key that it was made with."""

    def run(*arguments: str, **environment: str) -> CompletedProcess[str]:
        known = {"IZVOR_DATABASE_URL": company, VARIABLE: os.environ[VARIABLE], **environment}
        return izvor(*arguments, folder=tmp_path, **known)

    return run
