"""Row-level security on every table that knows an organization: made when tables are made."""

from importlib.resources import files
from typing import Any, Final

from psycopg import Connection

ONE: Final = "izvor_app"
"""The role that sees one organization at a time."""

EVERY: Final = "izvor_all"
"""The role that sees them all."""


def isolate(connection: Connection[Any]) -> None:
    """Protect what is not protected yet, inside the caller's transaction; by the owner of the tables."""
    connection.execute(files("invoicing_domain.recording").joinpath("isolation.sql").read_bytes())
