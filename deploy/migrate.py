"""Bringing a database to the schema that this version of the code expects.

Each step is an SQL file that lives next to its user; this module only lists them in order, applies what is missing and
remembers what it applied. A step that was ever released is never edited: its fingerprint would no longer match. Later
changes are new steps, written so that the previous version of the code still runs (expand first, contract later).
"""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import psycopg

from deploy.errors import OperatorError
from deploy.extensions import make_extensions
from deploy.roles import keep_search_fast, make_roles
from projections.install import install


@dataclass(frozen=True, slots=True)
class Step:
    """One SQL file, in a package, applied once and whole."""

    number: int
    package: str
    file: str

    @property
    def name(self) -> str:
        return f"{self.package}/{self.file}"

    def text(self) -> bytes:
        return files(self.package).joinpath(self.file).read_bytes()


# Add one: next number, at the end. Never renumber, never remove.
STEPS: tuple[Step, ...] = (
    Step(1, "invoicing_domain.recording", "schema.sql"),
    Step(2, "workers", "schema.sql"),
    Step(3, "projections", "schema.sql"),
    Step(4, "api", "schema.sql"),
    Step(5, "api", "compat.sql"),
    Step(6, "workers.following", "schema.sql"),
    Step(7, "workers.jobs", "schema.sql"),
    Step(8, "invoicing_domain.recording", "artifacts.sql"),
    Step(9, "invoicing_domain.recording", "keys.sql"),
    Step(10, "workers.jobs", "takeover.sql"),
    Step(11, "workers.kafka", "schema.sql"),
    Step(12, "workers.jobs", "people.sql"),
    Step(13, "workers.webhooks", "schema.sql"),
    Step(14, "invoicing_domain.recording", "record.sql"),
    Step(15, "workers.jobs", "traces.sql"),
    Step(16, "projections", "checked.sql"),
    Step(17, "workers.mail", "bounces.sql"),
    Step(18, "workers.mail", "digests.sql"),
)

# "IZVR": two migrations of one database wait for each other.
_LOCK = "SELECT pg_advisory_lock(1230657106)"
_UNLOCK = "SELECT pg_advisory_unlock(1230657106)"
_PREPARE = """
CREATE SCHEMA IF NOT EXISTS izvor;
CREATE TABLE IF NOT EXISTS izvor.schema_step (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_APPLIED = "SELECT number, sha256 FROM izvor.schema_step"
_REMEMBER = "INSERT INTO izvor.schema_step (number, name, sha256) VALUES (%s, %s, %s)"
_EXISTS = "SELECT to_regclass('izvor.schema_step') IS NOT NULL"
_VERSION = "SELECT coalesce(max(number), 0) FROM izvor.schema_step"


def migrate(conninfo: str, steps: tuple[Step, ...] | None = None) -> tuple[Step, ...]:
    """Apply what is missing, each step in a transaction of its own; return what was applied. Safe to repeat."""
    wanted = STEPS if steps is None else steps
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_LOCK)
        try:
            connection.execute(_PREPARE)
            applied: dict[int, str] = dict(connection.execute(_APPLIED).fetchall())
            _refuse_unknown(applied, wanted)
            missing = tuple(step for step in wanted if step.number not in applied)
            for step in missing:
                _apply(connection, step)
            if steps is None:
                make_roles(connection)
                make_extensions(connection)
                install(connection)  # read models are not migrated: made when missing, rebuilt when other
                keep_search_fast(connection)
        finally:
            connection.execute(_UNLOCK)
    return missing


def expected_version(steps: tuple[Step, ...] | None = None) -> int:
    return max((step.number for step in (STEPS if steps is None else steps)), default=0)


def schema_version(connection: psycopg.Connection) -> int | None:
    """The last step applied to this database; None where Izvor has never been."""
    if connection.execute(_EXISTS).fetchone() == (False,):
        return None
    row = connection.execute(_VERSION).fetchone()
    return None if row is None else int(row[0])


def _apply(connection: psycopg.Connection, step: Step) -> None:
    text = step.text()
    with connection.transaction():
        connection.execute(text)
        connection.execute(_REMEMBER, [step.number, step.name, sha256(text).hexdigest()])


def _refuse_unknown(applied: dict[int, str], wanted: tuple[Step, ...]) -> None:
    known = {step.number: step for step in wanted}
    for number, fingerprint in sorted(applied.items()):
        if number not in known:
            raise OperatorError(
                f"the database has schema step {number}, which this version does not know: update Izvor"
            )
        if sha256(known[number].text()).hexdigest() != fingerprint:
            raise OperatorError(f"schema step {number} ({known[number].name}) was edited after it had been applied")
