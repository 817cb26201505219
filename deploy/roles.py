"""The two roles of PostgreSQL that Izvor's processes act as, and how a process gets one.

`izvor_app` sees one organization at a time (the API), `izvor_all` sees them all (projections, workers). Neither owns a
table. What they may see is said in `invoicing_domain/recording/isolation.sql`.
"""

from importlib.resources import files
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from invoicing_domain.recording.isolation import EVERY, ONE

_MISSING: Final = "SELECT to_regrole('izvor_app') IS NULL OR pg_has_role(to_regrole('izvor_all'), 'USAGE') IS NOT TRUE"
_LOG_IN: Final = """
DO $$
DECLARE
    closed text;
BEGIN
    FOR closed IN SELECT rolname FROM pg_roles WHERE rolname IN ('izvor_app', 'izvor_all') AND NOT rolcanlogin LOOP
        EXECUTE format('ALTER ROLE %I LOGIN', closed);
    END LOOP;
END $$
"""

HOW_TO_MAKE_THEM: Final = (
    "CREATE ROLE izvor_app NOLOGIN; CREATE ROLE izvor_all NOLOGIN; GRANT izvor_app, izvor_all TO the owner; "
    "then run `izvor migrate` again"
)

__all__ = [
    "EVERY",
    "HOW_TO_MAKE_THEM",
    "ONE",
    "acting_as",
    "are_missing",
    "keep_search_fast",
    "let_log_in",
    "make_roles",
]


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """Make what is missing, where the connected role may; where it may not, `are_missing` stays true."""
    connection.execute(files("deploy").joinpath("roles.sql").read_bytes())


def keep_search_fast(connection: psycopg.Connection[Any]) -> None:
    """What indexes need to work under row-level security; where the connected role may say it."""
    connection.execute(files("deploy").joinpath("leakproof.sql").read_bytes())


def are_missing(connection: psycopg.Connection[Any]) -> bool:
    """Whether an owner of tables lacks what isolation needs: the roles, or its own membership in `izvor_all`."""
    return connection.execute(_MISSING).fetchone() == (True,)


def let_log_in(conninfo: str) -> None:
    """For the embedded server, where the kernel vouches for who connects and no password exists."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_LOG_IN)


def acting_as(conninfo: str, role: str) -> str:
    """The same way in, with the rights of another role that the one who connects is a member of."""
    options = conninfo_to_dict(conninfo).get("options") or ""
    return make_conninfo(conninfo, options=f"{options} -c role={role}".strip())
