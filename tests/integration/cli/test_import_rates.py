"""Exchange rates from a file at hand."""

import json
from pathlib import Path

import psycopg

from tests.integration.cli.conftest import Cli

FILE = (
    "<DataSet><Body><OrigCurrency>RON</OrigCurrency>"
    '<Cube date="2026-11-19"><Rate currency="EUR">5.0900</Rate></Cube>'
    '<Cube date="2026-11-20"><Rate currency="EUR">5.0912</Rate></Cube></Body></DataSet>'
)


def facts(company: str) -> list[str]:
    with psycopg.connect(company) as connection:
        rows = connection.execute("SELECT type FROM bi.events WHERE type LIKE 'exchange_rates.%'").fetchall()
    return [row[0] for row in rows]


def test_a_file_of_bnr_is_taken_down_once(cli: Cli, company: str, tmp_path: Path) -> None:
    file = tmp_path / "nbrfxrates.xml"
    file.write_text(FILE)
    done = cli("import-rates", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "rates of 2 days, 2026-11-19 to 2026-11-20\n"
    said = json.loads(cli("import-rates", str(file), "--json").stdout)
    assert (said["days"], said["last"]) == (2, "2026-11-20")
    assert facts(company) == ["exchange_rates.published"]


def test_what_is_no_file_of_rates_is_said_in_one_line(cli: Cli, tmp_path: Path) -> None:
    missing = cli("import-rates", str(tmp_path / "nothing.xml"))
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    file = tmp_path / "page.html"
    file.write_text("<!DOCTYPE html><html></html>")
    refused = cli("import-rates", str(file))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "document type" in refused.stderr
    stranger = cli("import-rates", str(file), "--organization", "nobody")
    assert stranger.returncode == 2
