"""Fixtures that every suite shares: one embedded PostgreSQL per test process, a fresh database per test."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.clock import SystemClock
from tests.support.databases import fresh_database, make_template
from tests.support.days import seconds_to_wait

# Two runs at once must not share a folder: each new one tightens its mode, which locks out the servers of the other.
_ROOT = "PYTEST_DEBUG_TEMPROOT"
_OURS = None if _ROOT in os.environ else os.environ.setdefault(_ROOT, tempfile.mkdtemp(prefix="izvor-tests-"))

# Patience of a mail server with its own start, which a busy machine may draw out.
os.environ.setdefault("AIOSMTPD_CONTROLLER_TIMEOUT", "60")

# The same examples on every run, and no clock: two runs of one commit agree, however busy the machine is.
settings.register_profile("tests", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Clear up after a good run of our own; what a failed one left may explain it."""
    if _OURS and exitstatus == 0 and not hasattr(session.config, "workerinput"):
        shutil.rmtree(_OURS, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.support.together import Together  # noqa: PLC0415 - only where several processes run them

    return Together(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test that began a second before midnight would meet another day than it had asked for."""
    time.sleep(seconds_to_wait(SystemClock().now()))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A running server with the product's durability settings; each pytest-xdist worker has its own."""
    home = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(home / "data") as running:
        yield running
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres) -> EmbeddedPostgres:
    make_template(server)
    return server


@pytest.fixture
def database(template: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a migrated database that only this test sees."""
    with fresh_database(template) as url:
        yield url


@pytest.fixture
def empty_database(server: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a database where Izvor has never been."""
    with fresh_database(server, template="template0") as url:
        yield url
