"""Proving read models against the facts, and making them anew, from the command line."""

import json
import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from projections import figures as names
from projections.figures import ProjectionFigures
from tests.integration.cli.conftest import Cli
from tests.support.stack import IZVOR, izvor, plain_environment

WRONG_BALANCE = "UPDATE read.invoice_list SET balance = balance + 1 WHERE number = 'IZV000003'"


def falsify(database: str, statement: str) -> None:
    """Change one row behind the back of everything that guards it."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE izvor.events DISABLE TRIGGER USER")
        assert connection.execute(statement.encode()).rowcount == 1


def test_a_house_in_order_is_found_in_order(cli: Cli) -> None:
    agreed = cli("check")
    assert (agreed.returncode, agreed.stderr) == (0, "")
    assert agreed.stdout.startswith("ok ")
    assert json.loads(cli("check", "--json").stdout) == []


def test_a_wrong_row_is_named_and_a_rebuild_makes_it_right(cli: Cli, company: str) -> None:
    falsify(company, WRONG_BALANCE)
    found = cli("check")
    assert found.returncode == 1
    assert "read model invoice_list" in found.stdout
    assert "balance is 516401" in found.stdout
    assert all(line.startswith("wrong ") for line in found.stdout.splitlines())
    findings = json.loads(cli("check", "--json").stdout)
    assert "read model invoice_list" in {finding["check"] for finding in findings}

    rebuilt = cli("rebuild", "invoice_list")
    assert (rebuilt.returncode, rebuilt.stderr) == (0, "")
    assert rebuilt.stdout.endswith("rebuilt and switched: invoice_list\n")
    assert cli("check").returncode == 0


def test_a_rebuild_of_all_shows_its_progress(cli: Cli) -> None:
    rebuilt = cli("rebuild")
    assert rebuilt.returncode == 0
    *progress, last = rebuilt.stdout.splitlines()
    done, total = re.fullmatch(r"(\d+) of (\d+) facts folded", progress[-1]).groups()  # type: ignore[union-attr]
    assert done == total
    assert "receivable_movements" in last
    assert cli("check").returncode == 0


def test_a_hole_in_a_number_series_is_found(cli: Cli, company: str) -> None:
    falsify(
        company,
        "DELETE FROM izvor.events WHERE topic = 'number_series.number_allocated/1'"
        " AND convert_from(state, 'UTF8') LIKE '%IZV000002%'",
    )
    found = cli("check")
    assert found.returncode == 1
    assert "IZV" in found.stdout
    assert "positions" in found.stdout


def test_an_unknown_read_model_is_refused_with_those_there_are(cli: Cli) -> None:
    refused = cli("rebuild", "nothing")
    assert refused.returncode == 2
    assert refused.stderr.startswith("izvor: ")
    assert "invoice_list" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_migrate_says_what_it_did_and_may_be_repeated(empty_database: str, tmp_path: Path) -> None:
    first = izvor("migrate", "--database", empty_database, folder=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "applied 0001 invoicing_domain.recording/schema.sql"
    again = izvor("migrate", "--database", empty_database, folder=tmp_path)
    assert (again.returncode, again.stdout) == (0, "the schema is up to date\n")
    assert izvor("check", "--database", empty_database, folder=tmp_path).returncode == 0


def test_output_that_nobody_reads_to_the_end_is_no_error(company: str, tmp_path: Path) -> None:
    """As in `izvor replay 1 | head -1`."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = plain_environment(IZVOR_DATABASE_URL=company)
    done = subprocess.run(
        [IZVOR, "replay", "1", "--json"],
        cwd=tmp_path,
        env=environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "rebuild", "replay", "token"])
def test_commands_wait_for_a_migration_that_is_missing(empty_database: str, tmp_path: Path, command: str) -> None:
    arguments = {"replay": ["replay", "1"], "token": ["token", "list"]}.get(command, [command])
    refused = izvor(*arguments, "--database", empty_database, folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "izvor: the database is empty: run `izvor migrate` on it first\n"


def test_what_a_check_found_is_told_to_whoever_watches(cli: Cli, company: str) -> None:
    def told() -> dict[str, float]:
        figures = ProjectionFigures(lambda: psycopg.connect(company)).collect()
        return {one.name: one.samples[0].value for one in figures if one.name.startswith("izvor_audit")}

    assert told() == {}, "nobody has checked"
    assert cli("check").returncode == 0
    assert told().keys() == {names.CHECK_OK, names.CHECK_AGE}
    assert told()[names.CHECK_OK] == 1
    falsify(company, WRONG_BALANCE)
    assert told()[names.CHECK_OK] == 1, "nobody has looked since"
    assert cli("check").returncode == 1
    assert told()[names.CHECK_OK] == 0
    assert told()[names.CHECK_AGE] >= 0


def test_what_a_check_found_is_shown_though_it_cannot_be_kept(cli: Cli, company: str) -> None:
    falsify(company, WRONG_BALANCE)
    with psycopg.connect(company) as connection:
        connection.execute("ALTER TABLE read.checked ADD CONSTRAINT no_room CHECK (false)")
    found, listed = cli("check"), cli("check", "--json")
    assert "balance is 516401" in found.stdout
    assert "read model invoice_list" in {finding["check"] for finding in json.loads(listed.stdout)}
    for answer in (found, listed):
        assert answer.returncode == 1
        assert answer.stderr.startswith("izvor: whoever watches does not learn of this check: ")
        assert answer.stderr.count("\n") == 1
