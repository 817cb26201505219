"""The command line on a company whose customers were erased, and without the key that it takes to read them."""

import psycopg

from deploy.first_start import operator_context
from invoicing_domain.model.customer.commands import EraseCustomer
from invoicing_domain.model.identity import StreamId
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from projections.runner import Runner
from tests.integration.cli.conftest import Cli


def test_check_rebuild_and_replay_go_on_when_every_customer_is_erased(
    cli: Cli, company: str, organization: str
) -> None:
    with psycopg.connect(company) as connection:
        customers = connection.execute("SELECT customer_id::text FROM read.customer_list").fetchall()
    with Ledger(company) as ledger:
        for (customer_id,) in customers:
            erasing = EraseCustomer(customer_id=StreamId(customer_id), reason="asked for")
            InvoicingService(ledger).execute(erasing, operator_context(organization))
    Runner(company).catch_up()
    for arguments in (("check",), ("rebuild",), ("check",), ("replay", "1")):
        done = cli(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(company) as connection:
        assert connection.execute("SELECT count(*) FROM izvor_keys.customer_key").fetchone() == (0,)


def test_without_the_secret_key_the_line_says_so(cli: Cli) -> None:
    done = cli("check", IZVOR_SECRET_KEY="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("izvor: IZVOR_SECRET_KEY is not set")
