"""Every way in which the rules say no has a test that hears it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from invoicing_domain import model as rules
from invoicing_domain.handlers.table import HANDLERS

MODEL = Path(rules.__path__[0])
HERE = Path(__file__).parent


def strings_given_to(name: str, folder: Path) -> Iterator[str]:
    """The first argument of every call of `name` in the files of a folder."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=called), args=[ast.Constant(value=str(code)), *_]) if called == name:
                    yield code


def test_every_refusal_of_the_model_is_heard_in_a_test() -> None:
    said = set(strings_given_to("Refusal", MODEL))
    heard = {
        node.value
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert said
    assert said - heard == set()


def test_every_command_is_asked_in_a_test() -> None:
    text = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    text += (HERE.parents[1] / "support" / "facts.py").read_text()
    assert [command.__name__ for command in HANDLERS if f"{command.__name__}(" not in text] == []


def test_no_test_listens_for_a_refusal_that_nobody_says() -> None:
    said = set(strings_given_to("Refusal", MODEL))
    assert set(strings_given_to("refused", HERE)) - said == set()
