"""Whatever is asked of the API, it answers as its OpenAPI document says, and never with a 5xx.

A bounded run, the same calls every time; `make fuzz` makes 20,000.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.explore import explore
from tests.support.stack import Stack, quiet_port


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("explored"), quiet_port(), IZVOR_RATE_LIMIT="0") as running:
        yield running


@pytest.mark.parametrize(
    ("phase", "examples", "enough"),
    [("fuzzing", "10", 700), ("stateful", "20", 100)],
)
def test_no_answer_is_undescribed(stack: Stack, tmp_path: Path, phase: str, examples: str, enough: int) -> None:
    found = explore(stack, tmp_path, "--phases", phase, "-n", examples)
    assert found.good, found.said
    assert found.calls >= enough, found.said
