"""A made-up history at the command line: in order, the same for the same seed, and never beside other facts."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from deploy.demo import PROFILE
from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.model.organization.commands import RegisterOrganization
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.envelope import Meta
from invoicing_domain.service import InvoicingService
from tests.integration.cli.conftest import Cli
from tests.support.commands import ORGANIZATION, context
from tests.support.databases import fresh_database
from tests.support.stack import izvor

KEY = {"IZVOR_SECRET_KEY": os.environ["IZVOR_SECRET_KEY"]}
SMALL = ("demo-data", "--invoices", "150", "--customers", "12", "--until", "2026-10-30")
KINDS = "SELECT type, count(*) FROM bi.events GROUP BY type"


@pytest.fixture
def founded(database: str) -> str:
    """A database with nothing but an organization whose id is always the same."""
    with Ledger(database) as ledger:
        InvoicingService(ledger).execute(RegisterOrganization(organization_id=ORGANIZATION, profile=PROFILE), context())
    return database


def facts(database: str) -> list[tuple[str, object, Meta]]:
    """What was made up, as it reads: the bytes differ, because each database has its own keys."""
    with Ledger(database) as ledger:
        return [(one.originator_id, one.fact, one.meta) for one in ledger.feed(3, 10_000)]


def test_a_made_up_history_is_in_order(database: str, tmp_path: Path) -> None:
    made = izvor(*SMALL, "--database", database, folder=tmp_path, **KEY)
    assert (made.returncode, made.stderr) == (0, "")
    *progress, last = made.stdout.splitlines()
    assert "150 of 150 invoices drafted" in progress
    assert re.fullmatch(r"\d+ facts recorded in \d+ s, read models rebuilt in \d+ s", last)
    checked = izvor("check", "--database", database, folder=tmp_path, **KEY)
    assert (checked.returncode, checked.stderr) == (0, "")
    with psycopg.connect(database) as connection:
        kinds: dict[str, int] = dict(connection.execute(KINDS).fetchall())
    assert kinds["invoice.sent"] > 100
    assert kinds["customer.registered"] == 12
    assert kinds["payment.recorded"] > 80
    assert {"credit_note.issued", "invoice.reminder_sent", "invoice.efactura_acknowledged", "order.invoiced"} <= set(
        kinds
    )


def test_the_same_seed_gives_the_same_facts_and_another_seed_others(
    template: EmbeddedPostgres, founded: str, tmp_path: Path
) -> None:
    histories = []
    for seed in ("7", "7", "8"):
        with fresh_database(template, template=urlsplit(founded).path.removeprefix("/")) as url:
            assert izvor(*SMALL, "--seed", seed, "--database", url, folder=tmp_path, **KEY).returncode == 0
            histories.append(facts(url))
    assert histories[0] == histories[1]
    assert histories[0] != histories[2]


def test_other_facts_are_not_mixed_with_made_up_ones(cli: Cli, company: str) -> None:
    before = facts(company)
    refused = cli(*SMALL)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert re.fullmatch(r"izvor: made-up invoices go into a database of their own: .*--database\n", refused.stderr)
    assert facts(company) == before


@pytest.mark.parametrize("day", ["2019-05-01", "2999-01-01", "yesterday"])
def test_a_last_day_out_of_bounds_is_refused(cli: Cli, day: str) -> None:
    refused = cli(*SMALL[:-1], day)
    assert refused.returncode == 2
    assert refused.stderr.startswith("izvor: --until ")
    assert refused.stderr.count("\n") == 1
