import sys
from pathlib import Path

import psycopg
import pytest

from deploy.errors import OperatorError
from deploy.extensions import make_extensions
from deploy.migrate import STEPS, Step, expected_version, migrate, schema_version


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Step, ...]:
    package = f"steps_of_{tmp_path.name}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    (tmp_path / package / "one.sql").write_text("CREATE TABLE a (n int); INSERT INTO a VALUES (1);")
    (tmp_path / package / "two.sql").write_text("INSERT INTO a VALUES (2);")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return (Step(1, package, "one.sql"), Step(2, package, "two.sql"))


def file_of(step: Step) -> Path:
    directory = sys.modules[step.package].__file__
    assert directory is not None
    return Path(directory).parent / step.file


def numbers(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [number for (number,) in connection.execute("SELECT n FROM a ORDER BY n")]


def version_of(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        return schema_version(connection)


def test_the_product_s_own_steps_are_numbered_without_gaps() -> None:
    assert [step.number for step in STEPS] == list(range(1, expected_version() + 1))


def test_missing_steps_are_applied_once_in_order(empty_database: str, steps: tuple[Step, ...]) -> None:
    assert version_of(empty_database) is None
    assert migrate(empty_database, steps[:1]) == steps[:1]
    assert migrate(empty_database, steps) == steps[1:]
    assert migrate(empty_database, steps) == ()
    assert numbers(empty_database) == [1, 2]
    assert version_of(empty_database) == 2


def test_a_step_edited_after_it_was_applied_is_refused(empty_database: str, steps: tuple[Step, ...]) -> None:
    migrate(empty_database, steps)
    file_of(steps[1]).write_text("INSERT INTO a VALUES (3);")
    with pytest.raises(OperatorError, match=r"schema step 2 \(.*two.sql\) was edited after it had been applied"):
        migrate(empty_database, steps)


def test_a_database_from_the_future_is_refused(empty_database: str, steps: tuple[Step, ...]) -> None:
    migrate(empty_database, steps)
    with pytest.raises(OperatorError, match="schema step 2, which this version does not know: update Izvor"):
        migrate(empty_database, steps[:1])


def test_a_step_that_fails_leaves_nothing_of_itself(empty_database: str, steps: tuple[Step, ...]) -> None:
    migrate(empty_database, steps[:1])
    file_of(steps[1]).write_text("INSERT INTO a VALUES (2); SELECT 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_database, steps)
    assert numbers(empty_database) == [1]
    assert version_of(empty_database) == 1


def test_an_extension_that_is_missing_is_asked_for_by_name(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE ROLE without_rights")
        try:
            connection.execute("SET ROLE without_rights")
            with pytest.raises(OperatorError, match="CREATE EXTENSION pg_trgm"):
                make_extensions(connection)
        finally:
            connection.execute("RESET ROLE")
            connection.execute("DROP ROLE without_rights")


def test_an_extension_in_a_schema_where_nobody_looks_is_not_enough(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA elsewhere")
        connection.execute("CREATE EXTENSION pg_trgm WITH SCHEMA elsewhere")
        with pytest.raises(OperatorError, match="in schema public"):
            make_extensions(connection)
