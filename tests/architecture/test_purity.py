"""The model computes: no floats, no clock, no chance, nothing but a short list of the standard library."""

import ast
import re
from collections.abc import Iterator

from tests.support.sources import PACKAGES, Source, sources

MODEL = "invoicing_domain/model"

ALLOWED = {
    *("collections", "dataclasses", "datetime", "decimal", "fractions", "hashlib", "itertools", "re", "typing"),
    *("unicodedata", "zoneinfo"),
    "invoicing_domain.model",
}

CLOCK = re.compile(r"\.(now|utcnow|today|fromtimestamp|utcfromtimestamp)\(")
READS_THE_CLOCK = {"invoicing_domain/clock.py", "invoicing_domain/recording/clock.py"}

SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s|CALL\s|TRUNCATE\s|COPY\s"
    r"|(CREATE|ALTER|DROP|GRANT|REVOKE|SET|LISTEN|NOTIFY|COMMENT)\s+[A-Z]+)"
)


def imports(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def test_the_model_imports_itself_and_a_short_list_of_the_standard_library() -> None:
    strangers = [
        (source.path, name)
        for source in sources(MODEL)
        for name in imports(source)
        if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)
    ]
    assert strangers == []


def test_the_model_knows_no_float() -> None:
    for source in sources(MODEL):
        for node in ast.walk(source.tree):
            is_name = isinstance(node, ast.Name) and node.id in {"float", "complex", "round"}
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            assert not is_name, f"{source.path}:{getattr(node, 'lineno', 0)}"
            assert not is_literal, f"{source.path}:{getattr(node, 'lineno', 0)}"


def test_nobody_beside_the_clock_reads_the_time_of_the_machine() -> None:
    for source in sources("invoicing_domain"):
        if source.path not in READS_THE_CLOCK:
            assert not CLOCK.search(source.text), source.path


def test_facts_commands_and_states_are_frozen() -> None:
    for source in sources(MODEL):
        if source.path.rsplit("/", 1)[-1] not in {"events.py", "commands.py", "state.py", "party.py", "vat.py"}:
            continue
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and node.decorator_list:
                assert any("frozen=True" in ast.unparse(one) for one in node.decorator_list), (source.path, node.name)


def test_no_guard_is_an_assert() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources(*PACKAGES)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_no_sql_is_put_together_from_values() -> None:
    found = []
    for source in sources(*PACKAGES):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.JoinedStr) and any(isinstance(part, ast.FormattedValue) for part in node.values):
                first = node.values[0]
                if isinstance(first, ast.Constant) and SQL.match(str(first.value)):
                    found.append(f"{source.path}:{node.lineno}")
    assert found == []


def test_the_test_on_sql_knows_sql_when_it_sees_it() -> None:
    for text in ("SELECT * FROM t", "  INSERT INTO t VALUES", "UPDATE t SET x", "DROP TABLE t", "LISTEN CHANNEL"):
        assert SQL.match(text), text
    for text in ("selected", "Update your settings", "CALLED", "SET to", "Create an invoice"):
        assert not SQL.match(text), text
