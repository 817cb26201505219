"""Fresh databases for tests: copied in milliseconds from a migrated template on one embedded server."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from deploy.migrate import migrate
from deploy.postgres.embedded import EmbeddedPostgres

TEMPLATE = "izvor_template"
_EXISTS = "SELECT 1 FROM pg_database WHERE datname = %s"

_numbers = itertools.count(1)


def make_template(server: EmbeddedPostgres) -> None:
    """Migrate one database, which all others are copies of; nobody may be connected to it while it is copied."""
    lasting_database(server, TEMPLATE, template="template0")
    migrate(server.url_of(TEMPLATE))


def lasting_database(server: EmbeddedPostgres, name: str, template: str = TEMPLATE) -> str:
    """The URL of a database that nobody drops; made when it is not there yet."""
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        if connection.execute(_EXISTS, (name,)).fetchone() is None:
            connection.execute(_create(name, template))
    return server.url_of(name)


@contextmanager
def fresh_database(server: EmbeddedPostgres, template: str = TEMPLATE) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _execute(server, _create(name, template))
    try:
        yield server.url_of(name)
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(name: str, template: str) -> sql.Composed:
    return sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))


def _execute(server: EmbeddedPostgres, statement: sql.Composed) -> None:
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(statement)
