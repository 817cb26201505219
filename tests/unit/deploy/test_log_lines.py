"""A line of the log: what it says without being told, what it never says, and that it stays one line."""

import json
import logging
from typing import Any

import pytest

from deploy.logs import JsonLines, TextLines
from invoicing_domain.mentions import begin, mentioning

SECRETS = [
    "izv_0a1b2c3d_" + "A" * 43,
    "RO49AAAA1B31007593840000",
    "RO49 AAAA 1B31 0075 9384 0000",
    "1960229123456",
    "ion.popescu@example.ro",
    "://izvor:hunter2@db",
]


@pytest.fixture(autouse=True)
def nothing_mentioned() -> None:
    """Requests of other tests may have been answered in this thread."""
    begin()


def record(text: str, *arguments: object, **facts: object) -> logging.LogRecord:
    made = logging.LogRecord("workers.mail", logging.WARNING, "", 0, text, arguments, None)
    made.facts = facts
    return made


def entry(made: logging.LogRecord) -> dict[str, Any]:
    text = JsonLines("workers").format(made)
    assert text.isprintable()
    found: dict[str, Any] = json.loads(text)
    return found


def failed(text: str) -> logging.LogRecord:
    made = record("it failed")
    made.exc_info = (ValueError, ValueError(text), None)
    return made


def test_a_line_says_when_where_and_what() -> None:
    told = entry(record("%s waits", "a job", attempt=3))
    assert told["ts"].endswith("Z")
    del told["ts"], told["version"]
    assert told == {
        "level": "warning",
        "logger": "workers.mail",
        "msg": "a job waits",
        "service": "workers",
        "attempt": 3,
    }


def test_what_a_thread_works_for_stands_in_its_lines_and_in_no_later_one() -> None:
    with mentioning(job_id=7), mentioning(attempt=2):
        told = entry(record("inside"))
        assert (told["job_id"], told["attempt"]) == (7, 2)
    assert "job_id" not in entry(record("outside"))
    begin(request_id="req_1")
    assert entry(record("in a request"))["request_id"] == "req_1"
    begin()
    assert "request_id" not in entry(record("in the next one"))


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("formatter", [JsonLines("api"), TextLines()])
def test_a_secret_is_taken_out_wherever_it_comes_from(secret: str, formatter: logging.Formatter) -> None:
    for made in (record("told: %s", secret), record("a fact", where=f"at {secret}"), failed(f"refused {secret}!")):
        text = formatter.format(made)
        assert secret not in text
        assert "hunter2" not in text


def test_a_row_that_the_database_quotes_is_left_out() -> None:
    text = JsonLines("api").format(failed("duplicate key\nDETAIL:  Failing row contains (Ion Popescu, Strada 1)."))
    assert "duplicate key" in text
    assert "Popescu" not in text


def test_nobody_can_forge_a_line_or_steer_a_terminal() -> None:
    text = TextLines().format(record("name: %s", "x\r\n2026-11-24 ERROR api: all is lost \x1b[2J\u2028\u202e"))
    assert text.isprintable()
    assert "\\r\\n2026" in text


def test_a_long_value_is_cut_in_the_middle() -> None:
    told = entry(record("%s", "a" * 1_000_000 + "z"))
    assert len(told["msg"]) < 2_100
    assert told["msg"].endswith("z")


def test_half_a_sign_does_no_harm() -> None:
    assert "\\ud800" in entry(record("%s", "\ud800"))["msg"]
