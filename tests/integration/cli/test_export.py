"""Files for accountants, from the command line."""

import csv
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import psycopg
import pytest

from tests.integration.cli.conftest import Cli
from tests.support.stack import lines


def test_the_invoice_list_goes_to_a_file_or_to_standard_output(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    done = cli("export", "csv", "--output", str(file), "--sort", "-gross")
    assert (done.returncode, done.stdout) == (0, "")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    assert len(rows) > 10
    gross = [float(row["gross"].replace(",", ".")) for row in rows]
    assert gross == sorted(gross, reverse=True)
    shown = cli("export", "csv", "--dialect", "rfc4180", "--status", "paid")
    assert shown.returncode == 0
    assert {row["status"] for row in csv.DictReader(shown.stdout.splitlines())} == {"paid"}


def test_a_workbook_and_documents_for_saga_are_written(cli: Cli, tmp_path: Path) -> None:
    book, saga = tmp_path / "invoices.xlsx", tmp_path / "saga.xml"
    assert cli("export", "xlsx", "--output", str(book)).returncode == 0
    assert zipfile.ZipFile(book).testzip() is None
    assert cli("export", "saga", "--output", str(saga)).returncode == 0
    numbers = [one.findtext("Antet/FacturaNumar") for one in ET.parse(saga).getroot()]  # noqa: S314
    assert "IZV000001" in numbers
    assert len(set(numbers)) == len(numbers) > 5


def test_what_is_overdue_is_judged_on_the_day_of_the_sandbox(cli: Cli, company: str) -> None:
    with psycopg.connect(company) as connection:
        connection.execute("INSERT INTO izvor.test_clock VALUES (true, '2126-01-01 12:00+00', now())")
    shown = cli("export", "csv", "--dialect", "rfc4180")
    rows = [row for row in csv.DictReader(shown.stdout.splitlines()) if row["number"]]
    assert {row["status"] for row in rows} == {"overdue", "partially_paid", "paid", "credited"}
    (late, *_) = (row for row in rows if row["status"] == "overdue")
    assert int(late["days_overdue"]) == (date(2126, 1, 1) - date.fromisoformat(late["due_date"])).days
    (*_, last) = lines(cli("replay", late["number"], "--json").stdout)
    assert last["state"]["status"] == "overdue"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("xlsx",), "--output FILE"),
        (("csv", "--from", "yesterday"), "--from is a date"),
        (("csv", "--sort", "phase"), "sort: 'phase' is not one of"),
        (("csv", "--status", "lost"), "'lost' is not one of"),
        (("csv", "--organization", "1"), "give --organization with one of"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    done = cli("export", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
