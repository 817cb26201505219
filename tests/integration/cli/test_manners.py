"""What every command owes its user: help with an example, errors in one line, completion."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from deploy.cli.root import app
from tests.support.stack import izvor


def _paths() -> Iterator[tuple[str, ...]]:
    """Every command there is, and every group."""
    left: list[tuple[tuple[str, ...], object]] = [((), typer.main.get_command(app))]
    for path, command in left:
        yield path
        left += [((*path, name), below) for name, below in getattr(command, "commands", {}).items()]


PATHS = list(_paths())


def test_there_are_the_commands_that_were_promised() -> None:
    promised = "up serve project work migrate token organization replay rebuild check import-rates demo-data"
    assert set(promised.split()) <= {path[0] for path in PATHS if path}


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "100"})
    assert shown.exit_code == 0
    assert f"izvor {' '.join(path)}".strip() in shown.output.partition("Example:")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "No such command 'nonsense' (see `izvor --help`)"),
        (["token"], "Missing command (see `izvor token --help`)"),
        (["token", "create"], "Missing option '--role' (see `izvor token create --help`)"),
        (["token", "create", "--role", "king"], "--role is one of admin, clerk, sales, auditor, bi, not 'king'"),
        (["token", "list", "--frobnicate"], "No such option: --frobnicate"),
        (["replay"], "Missing argument 'REF'"),
        (["up", "--port", "0"], "Invalid value for '--port'"),
        (["work", "nothing"], "no such worker: nothing; there are: reminders"),
        (["serve"], "IZVOR_DATABASE_URL is not set"),
        (["project"], "IZVOR_DATABASE_URL is not set"),
        (["work", "all"], "IZVOR_DATABASE_URL is not set"),
    ],
)
def test_misuse_is_told_in_one_line_with_two(tmp_path: Path, arguments: list[str], words: str) -> None:
    refused = izvor(*arguments, folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("izvor: ")
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check"], "no database: izvor-data/postgres does not exist"),
        (["check", "--database", "postgresql://izvor:hunter2@127.0.0.1:1/izvor"], "the database cannot be reached"),
        (["serve", "--database", "postgresql://izvor:hunter2@127.0.0.1:1/izvor"], "the database cannot be reached"),
    ],
)
def test_what_may_work_later_is_told_in_one_line_with_one(tmp_path: Path, arguments: list[str], words: str) -> None:
    failed = izvor(*arguments, folder=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1
    assert "hunter2" not in failed.stderr


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    shown = izvor(folder=tmp_path)
    assert shown.returncode == 0
    assert "izvor up --demo" in shown.stdout


def test_the_shell_completes_commands(tmp_path: Path) -> None:
    asked = {"_IZVOR_COMPLETE": "complete_bash", "COMP_WORDS": "izvor re", "COMP_CWORD": "1"}
    assert izvor(folder=tmp_path, **asked).stdout.split() == ["replay", "rebuild"]
    # Names the shell outright, since a test has none above it that could be recognised.
    shell = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "HOME": str(tmp_path)}
    shown = izvor("--show-completion", "bash", folder=tmp_path, **shell)
    assert "_IZVOR_COMPLETE=complete_bash" in shown.stdout
    installed = izvor("--install-completion", "bash", folder=tmp_path, **shell)
    assert installed.returncode == 0
    assert "_IZVOR_COMPLETE" in (tmp_path / ".bash_completions" / "izvor.sh").read_text()
