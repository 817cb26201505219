import re

import certifi
import pytest

from deploy.settings import Settings, variables
from tests.support.processes import ROOT

EXAMPLE = (ROOT / "deploy" / "izvor.env").read_text()
ASSIGNMENT = re.compile(r'^#?(IZVOR_[A-Z_]+)="?(.*?)"?$', re.MULTILINE)


def test_the_example_file_lists_exactly_the_variables_of_the_settings_once_each() -> None:
    assert sorted(name for name, _ in ASSIGNMENT.findall(EXAMPLE)) == sorted(variables())


def test_every_value_of_the_example_file_is_accepted() -> None:
    given = dict(ASSIGNMENT.findall(EXAMPLE)) | {"IZVOR_KAFKA_CA": certifi.where()}
    settings = Settings.from_environment(given)
    assert settings.database_url == given["IZVOR_DATABASE_URL"]
    assert settings.smtp_url == given["IZVOR_SMTP_URL"]


def test_every_variable_is_explained_above_it() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if ASSIGNMENT.match(line) and not ASSIGNMENT.match(lines[number - 1]):
            assert re.match(r"# \S", lines[number - 1]), line


@pytest.mark.parametrize(
    "variable",
    [
        "IZVOR_DATA",
        "IZVOR_BIND",
        "IZVOR_KAFKA_PREFIX",
        "IZVOR_LOG_LEVEL",
        "IZVOR_HTTP_WORKERS",
        "IZVOR_HTTP_THREADS",
        "IZVOR_TEST_CLOCK",
        "IZVOR_RATE_LIMIT",
    ],
)
def test_the_defaults_shown_in_the_example_file_are_the_real_ones(variable: str) -> None:
    assert dict(ASSIGNMENT.findall(EXAMPLE))[variable] == Settings().to_environment()[variable]
