"""The history of an invoice, told at the command line."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.integration.cli.conftest import Cli
from tests.support.stack import lines

# The third invoice of the demo: sent, and part paid forty days later.
_PART_PAID = """
SELECT originator_id::text FROM izvor.events WHERE topic = 'invoice.payment_received/1' ORDER BY notification_id
OFFSET 1 LIMIT 1
"""


@pytest.fixture
def invoice(company: str) -> str:
    with psycopg.connect(company) as connection:
        row = connection.execute(_PART_PAID).fetchone()
    assert row is not None
    return str(row[0])


def told(cli: Cli, *arguments: str) -> list[Any]:
    answer = cli("replay", *arguments, "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    return list(lines(answer.stdout))


def test_an_invoice_is_found_by_id_by_reference_and_by_number(cli: Cli, invoice: str) -> None:
    by_id = told(cli, invoice)
    state = by_id[-1]["state"]
    assert told(cli, str(state["reference"])) == by_id
    assert told(cli, state["number"]) == by_id


def test_every_fact_comes_with_the_state_after_it(cli: Cli, invoice: str) -> None:
    entries = told(cli, invoice)
    assert [entry["version"] for entry in entries] == [1, 2, 3, 4]
    assert [entry["type"] for entry in entries] == [
        "invoice.drafted/1",
        "invoice.line_added/1",
        "invoice.sent/1",
        "invoice.payment_received/1",
    ]
    assert [entry["state"]["totals"]["gross"] for entry in entries] == ["0.00", *["10164.00"] * 3]
    assert [entry["state"]["totals"]["balance"] for entry in entries][2:] == ["10164.00", "5164.00"]
    assert {entry["actor"]["name"] for entry in entries} == {"Maria Pop (demo)"}


def test_people_read_sentences(cli: Cli, invoice: str) -> None:
    table = cli("replay", invoice, COLUMNS="160").stdout
    for words in ("Drafted for", "Plantare arbori", "Sent as IZV", "Payment of 5,000.00 RON", "Maria Pop", "5,164.00"):
        assert words in table


def test_the_first_versions_alone(cli: Cli, invoice: str) -> None:
    (only,) = told(cli, invoice, "--version", "1")
    assert (only["state"]["status"], only["state"]["lines"]) == ("draft", [])


def test_as_of_a_day_shows_what_counted_by_then(cli: Cli, invoice: str) -> None:
    paid_on = datetime.fromisoformat(told(cli, invoice)[-1]["effective_date"]).date()
    assert len(told(cli, invoice, "--as-of", paid_on.isoformat())) == 4
    before = told(cli, invoice, "--as-of", (paid_on - timedelta(days=1)).isoformat())
    assert len(before) == 3
    assert before[-1]["state"]["totals"]["balance"] == "10164.00"


def test_as_known_at_an_instant_shows_what_was_recorded_by_then(cli: Cli, invoice: str) -> None:
    recorded = datetime.fromisoformat(told(cli, invoice)[-1]["recorded_at"])
    assert len(told(cli, invoice, "--known-at", recorded.isoformat())) == 4
    assert len(told(cli, invoice, "--known-at", (recorded - timedelta(seconds=1)).isoformat())) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["IZV999999"], 1, "there is no invoice IZV999999"),
        (["4294967296"], 1, "there is no invoice 4294967296"),
        (["01940000-0000-8000-8000-000000000001"], 1, "there is no invoice 01940000"),
        (["1", "--as-of", "2001-01-01"], 1, "invoice 1 did not exist then"),
        (["1", "--as-of", "yesterday"], 2, "--as-of is a date such as"),
        (["1", "--known-at", "2026-11-24T10:00:00"], 2, "--known-at needs a zone"),
        (["1", "--known-at", "now"], 2, "--known-at is an instant such as"),
        (["1", "--version", "0"], 2, "'--version'"),
    ],
)
def test_what_cannot_be_told_is_said_in_one_line(cli: Cli, arguments: list[str], code: int, words: str) -> None:
    answer = cli("replay", *arguments)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert answer.stderr.startswith("izvor: ")
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1
