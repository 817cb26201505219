"""Start-up gates: correct or halt. An acknowledged command must survive a power cut, and no reader may miss a fact.

Each gate is one function that either returns or refuses with one line that says what is wrong and what to do. Processes
call `refuse_unsafe_start` before they open any door.

Why `synchronous_commit` may only be `on` or `remote_apply`: `off` loses acknowledged commands when the server crashes;
`local` and `remote_write` keep them on this disk but may lose them at a failover to the standby, and an invoice number
that was handed out must not come back.
"""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import LiteralString

import psycopg

from deploy.errors import OperatorError, RefusedError
from deploy.migrate import expected_version, schema_version
from deploy.roles import HOW_TO_MAKE_THEM, are_missing
from invoicing_domain.recording.keyring import Keyring, WrongSecretKey

OLDEST_POSTGRES = 15
OLDEST_GUNICORN = 23
DURABLE_COMMITS = ("on", "remote_apply")
LOSSY_VARIABLE = "POSTGRES_ENABLE_DB_FUNCTIONS"

# What the write side does with its tables; the role of an API process or a worker needs no more than this there.
NEEDED_RIGHTS = (
    ("izvor", "events", "SELECT"),
    ("izvor", "events", "INSERT"),
    ("izvor", "idempotency", "SELECT"),
    ("izvor", "idempotency", "INSERT"),
)

_SERVER_VERSION = "SELECT current_setting('server_version_num')::integer / 10000, current_setting('server_version')"
_DURABILITY = """
SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')
"""
_WHO = "SELECT current_user::text, current_database()::text"
# By catalogue and not by name: has_table_privilege('schema.table') fails where the schema itself is closed to the role.
_RIGHT = """
SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, %s)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s
"""
_OPEN_TABLES = """
SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid::regclass::text)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE n.nspname IN ('izvor', 'izvor_keys', 'read', 'work') AND c.relkind IN ('r', 'p')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""
_POWERS = """
SELECT current_user::text, r.rolsuper, r.rolbypassrls, pg_has_role(to_regrole('izvor_all'), 'USAGE'),
    pg_has_role(to_regrole('izvor_app'), 'USAGE'),
    (SELECT min(c.oid::regclass::text)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('izvor', 'izvor_keys', 'read', 'work') AND c.relkind IN ('r', 'p')
       AND pg_has_role(c.relowner, 'USAGE'))
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""
_HIDDEN = """
SELECT row_security_active('izvor.events') AND NOT coalesce(pg_has_role(to_regrole('izvor_all'), 'USAGE'), false)
"""
_SETTLED = "SELECT izvor_keys.is_settled()"
_FALSE_WORDS = ("", "0", "n", "no", "f", "false", "off")


class UnsafeStartError(RefusedError):
    """Izvor would run, but not keep its promises: so it does not run."""


def refuse_unsafe_start(
    conninfo: str, environment: Mapping[str, str], *, schema: int | None = None, isolated: bool = False
) -> None:
    """All gates, for a process that is about to serve, project or work; `schema` is the version the code expects.

    `isolated`: it answers for one organization at a time, and the database must not show it more than that.
    """
    refuse_unsafe_program(environment)
    with connect_or_refuse(conninfo) as connection:
        refuse_old_postgres(connection)
        refuse_lossy_postgres(connection)
        refuse_other_schema(connection, expected_version() if schema is None else schema)
        refuse_weak_role(connection)
        refuse_forgotten_erasures(connection)
        refuse_other_secret_key(connection)
        if isolated:
            refuse_open_tables(connection)
            refuse_all_seeing_role(connection)
        else:
            refuse_short_sighted_role(connection)


def refuse_unsafe_program(environment: Mapping[str, str]) -> None:
    """The gates that need no database."""
    refuse_lossy_recorder(environment)
    refuse_old_gunicorn(version("gunicorn"))


def refuse_unsafe_server(conninfo: str) -> None:
    """The gates for a server that shall become Izvor's: before anything is made in it."""
    with connect_or_refuse(conninfo) as connection:
        refuse_old_postgres(connection)
        refuse_lossy_postgres(connection)


def connect_or_refuse(conninfo: str) -> psycopg.Connection:
    """A connection; one that cannot be had now may be had later, so processes under a supervisor come again."""
    try:
        return psycopg.connect(conninfo, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise OperatorError(unreachable(error)) from None


def unreachable(error: psycopg.OperationalError) -> str:
    """The one line of the driver's several that names what failed; it holds no password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = ([line for line in lines if "failed:" in line] or lines or ["no reason given"])[-1]
    return f"the database cannot be reached: {reason}; check IZVOR_DATABASE_URL or --database"


def refuse_lossy_recorder(environment: Mapping[str, str]) -> None:
    if environment.get(LOSSY_VARIABLE, "").strip().lower() not in _FALSE_WORDS:
        raise UnsafeStartError(
            f"{LOSSY_VARIABLE} is set: with it readers of the event feed lose events; remove it from the environment"
        )


def refuse_old_gunicorn(installed: str) -> None:
    found = re.match(r"\d+", installed)
    if found is None or int(found.group()) < OLDEST_GUNICORN:
        raise UnsafeStartError(
            f"gunicorn {installed} is open to request smuggling: install gunicorn >= {OLDEST_GUNICORN}"
        )


def refuse_old_postgres(connection: psycopg.Connection) -> None:
    major, full = _row(connection, _SERVER_VERSION)
    if int(major) < OLDEST_POSTGRES:
        raise UnsafeStartError(f"PostgreSQL {full} is too old: Izvor needs PostgreSQL >= {OLDEST_POSTGRES}")


def refuse_lossy_postgres(connection: psycopg.Connection) -> None:
    fsync, full_page_writes, synchronous_commit = _row(connection, _DURABILITY)
    for name, value in (("fsync", fsync), ("full_page_writes", full_page_writes)):
        if value != "on":
            raise UnsafeStartError(
                f"PostgreSQL runs with {name}={value}, which can corrupt invoices at a crash: "
                f"set {name} = on in postgresql.conf and reload the server"
            )
    if synchronous_commit not in DURABLE_COMMITS:
        role, database = _row(connection, _WHO)
        raise UnsafeStartError(
            f"synchronous_commit={synchronous_commit} for role {role} in database {database} can lose acknowledged "
            f"commands: set it to {' or '.join(DURABLE_COMMITS)} (postgresql.conf, ALTER ROLE, ALTER DATABASE, URL)"
        )


def refuse_other_schema(connection: psycopg.Connection, expected: int) -> None:
    found = schema_version(connection)
    if found is None:
        raise UnsafeStartError("the database is empty: run `izvor migrate` on it first")
    if found < expected:
        raise UnsafeStartError(
            f"the database has schema version {found}, this version of Izvor needs {expected}: run `izvor migrate`"
        )
    if found > expected:
        raise UnsafeStartError(
            f"the database has schema version {found}, this version of Izvor knows {expected}: update Izvor"
        )


def refuse_weak_role(connection: psycopg.Connection, needed: tuple[tuple[str, str, str], ...] = NEEDED_RIGHTS) -> None:
    for schema, table, right in needed:
        row = connection.execute(_RIGHT, [right, schema, table]).fetchone()
        if row is None:
            raise UnsafeStartError(f"table {schema}.{table} is missing: run `izvor migrate`")
        if row[0] is not True:
            role, _ = _row(connection, _WHO)
            raise UnsafeStartError(
                f"role {role} may not {right} in {schema}.{table}: use the application's role, or as owner: "
                f"GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT {right} ON {schema}.{table} TO {role}"
            )


def refuse_forgotten_erasures(connection: psycopg.Connection) -> None:
    """Facts, keys and the list of the erased may be of different days: nobody who was erased comes back."""
    if not _row(connection, _SETTLED)[0]:
        raise UnsafeStartError("customers who were erased are back after a restore: run `izvor migrate`")


def refuse_other_secret_key(connection: psycopg.Connection) -> None:
    """With another key new personal data would be lost among old ones that nobody can read."""
    try:
        Keyring().prove(connection)
    except WrongSecretKey as wrong:
        raise UnsafeStartError(f"{wrong}: give the one that was kept") from None


def refuse_open_tables(connection: psycopg.Connection) -> None:
    """Every table that knows an organization is under row-level security, for its owner too."""
    found = connection.execute(_OPEN_TABLES).fetchone()
    if found is not None and found[0]:
        how = HOW_TO_MAKE_THEM if are_missing(connection) else "run `izvor migrate` as their owner"
        raise UnsafeStartError(f"rows of all organizations are open to each in {found[0]}: {how}")


def refuse_all_seeing_role(connection: psycopg.Connection) -> None:
    """The API's role is subject to row-level security and has no way around it."""
    role, is_superuser, bypasses, sees_all, is_one, owned = _row(connection, _POWERS)
    trouble = (
        "is a superuser"
        if is_superuser
        else "has BYPASSRLS"
        if bypasses
        else "is a member of izvor_all"
        if sees_all
        else f"owns {owned} (or is a member of its owner)"
        if owned
        else None
    )
    if trouble is None and is_one:
        return
    raise UnsafeStartError(
        f"role {role} {trouble or 'is no member of izvor_app'}, but the API must see one organization at a time: "
        "CREATE ROLE izvor_api LOGIN PASSWORD '...' IN ROLE izvor_app, and name it in IZVOR_DATABASE_URL; "
        "or let the owner act as izvor_app: ...?options=-c%20role%3Dizvor_app"
    )


def refuse_short_sighted_role(connection: psycopg.Connection) -> None:
    """Who works for all organizations must see them all, or would take what is hidden for what is not there."""
    if _row(connection, _HIDDEN)[0]:
        role, _ = _row(connection, _WHO)
        raise UnsafeStartError(
            f"role {role} sees the rows of one organization only, and projections, workers and operators need all: "
            f"GRANT izvor_all TO {role}"
        )


def _row(connection: psycopg.Connection, query: LiteralString) -> tuple[str, ...]:
    row = connection.execute(query).fetchone()
    if row is None:  # every query given here has exactly one row
        raise LookupError(query)
    return tuple(row)
