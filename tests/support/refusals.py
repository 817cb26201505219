"""The words of every refusal: what people read when the rules say no, kept in a file that shows any change of them.

`python -m tests.support.refusals` asks all tests of the model again, and writes down what they hear.
"""

import os
import sys
from pathlib import Path
from typing import Final

import orjson
import pytest

from invoicing_domain.model.refusal import Refusal

FILE: Final = Path(__file__).parents[1] / "golden" / "refusals.txt"
TESTS: Final = Path(__file__).parents[1] / "unit" / "model"
_LISTENING: Final = "IZVOR_TESTS_LISTEN"
_KNOWN: Final = frozenset(FILE.read_text().splitlines())


def sentence_of(refusal: Refusal) -> str:
    """One line: code, message, and the values that explain it."""
    facts = orjson.dumps(dict(refusal.facts), option=orjson.OPT_SORT_KEYS).decode()
    return f"{refusal.code}: {refusal.message} {facts}"


def hear(refusal: Refusal) -> None:
    """Fails when the file of words does not know the sentence."""
    sentence = sentence_of(refusal)
    if os.environ.get(_LISTENING):
        with FILE.open("a") as words:
            words.write(sentence + "\n")
        return
    assert sentence in _KNOWN, f"not in {FILE.name}; if the new words are meant: python -m tests.support.refusals"


def _write() -> int:
    os.environ[_LISTENING] = "yes"
    FILE.write_text("")
    code = pytest.main(["-q", "-p", "no:cacheprovider", "-n", "0", str(TESTS)])
    FILE.write_text("".join(f"{line}\n" for line in sorted(set(FILE.read_text().splitlines()))))
    return int(code)


if __name__ == "__main__":
    sys.exit(_write())
