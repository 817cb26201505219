"""Extensions of PostgreSQL that the read models need, made by `izvor migrate` where it may."""

from typing import Any, Final

import psycopg

from deploy.errors import OperatorError

_WHERE: Final = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
_MAKE: Final = "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public"

_ADVICE: Final = (
    "the search of invoices needs the extension pg_trgm in schema public of this database: ask its administrator for"
    " CREATE EXTENSION pg_trgm WITH SCHEMA public, then run izvor migrate again"
)


def make_extensions(connection: psycopg.Connection[Any]) -> None:
    """pg_trgm comes with PostgreSQL and is trusted: who may create in the database may make it."""
    if connection.execute(_WHERE).fetchone() is None:
        try:
            connection.execute(_MAKE)
        except (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.FeatureNotSupported,
            psycopg.errors.UndefinedFile,
            psycopg.errors.InvalidSchemaName,
        ) as error:
            raise OperatorError(f"{_ADVICE} ({error.diag.message_primary})") from None
    if connection.execute(_WHERE).fetchone() != ("public",):
        raise OperatorError(_ADVICE)
