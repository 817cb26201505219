"""Fixtures that every suite shares: one embedded PostgreSQL per test process, a fresh database per test."""

import shutil
from collections.abc import Iterator

import pytest

from deploy.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database, make_template


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
