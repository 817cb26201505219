"""Long files and long functions are smells in the product: each exception stands here with its reason."""

import ast
from typing import Final

from tests.support.sources import PACKAGES, ROOT, sources

LONGEST_FILE: Final = 250
LONGEST_FUNCTION: Final = 40
LONGEST_EXCEPTION: Final = 400

LONG_FILES: Final = {
    "api/shapes/bodies.py": "declarations only: the shapes of all requests in one place",
    "api/translation/rendering.py": "one function for each shape, all of them read together with views.py",
    "api/resources/invoices.py": "one small function for each route of the largest resource",
    "api/shapes/views.py": "declarations only: the shapes of all answers in one place",
    "invoicing_domain/model/invoice/events.py": "declarations only: all that can happen to an invoice in one place",
    "invoicing_domain/model/invoice/state.py": "one case for each fact that can happen to an invoice",
    "invoicing_domain/recording/recorder.py": "one class: the seam of the library asks for all of its methods",
    "projections/invoice_list/project.py": "one case for each fact that moves a row",
}
LONG_FUNCTIONS: Final[dict[str, str]] = {
    "api/wiring.py:wire": "composition root: one line for each part of the API",
    "workers/wiring.py:workers": "composition root: one line for each part of the workers",
    "api/translation/rendering.py:invoice": "one line for each field of the largest shape",
}


def long_files() -> dict[str, int]:
    lengths = {source.path: len(source.text.splitlines()) for source in sources(*PACKAGES)}
    return {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def long_functions() -> dict[str, int]:
    found = {}
    for source in sources(*PACKAGES):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found[f"{source.path}:{node.name}"] = length
    return found


def test_a_file_is_short_or_has_a_reason() -> None:
    assert {path: lines for path, lines in long_files().items() if path not in LONG_FILES} == {}


def test_a_function_is_short_or_has_a_reason() -> None:
    assert {name: lines for name, lines in long_functions().items() if name not in LONG_FUNCTIONS} == {}


def test_an_exception_has_its_bounds_too() -> None:
    assert {path: lines for path, lines in long_files().items() if lines > LONGEST_EXCEPTION} == {}


def test_no_reason_outlives_its_file() -> None:
    named = {*LONG_FILES, *(name.split(":")[0] for name in LONG_FUNCTIONS)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
