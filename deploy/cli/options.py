"""Options that many commands share, and the database they lead to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import psycopg
import typer
from psycopg.rows import tuple_row

from deploy.errors import OperatorError
from deploy.logs import configure
from deploy.migrate import expected_version
from deploy.postgres.embedded import EmbeddedPostgres, running_url
from deploy.postgres.leftovers import is_held
from deploy.private_files import kept_secret_key
from deploy.safety import connect_or_refuse, refuse_other_schema
from deploy.settings import DATA, Settings
from invoicing_domain.recording.keyring import VARIABLE

if TYPE_CHECKING:
    from workers.kafka.cluster import Cluster

CLUSTER: Final = "postgres"
"""Where the embedded server keeps its files, under the data folder."""

Data = Annotated[
    Path | None, typer.Option(help="Folder of the all-in-one stack.", show_default=str(DATA), metavar="DIR")
]
Database = Annotated[
    str | None, typer.Option(help="PostgreSQL 15 or later, instead of the embedded one.", metavar="URL")
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def settings_of(data: Path | None = None, database: str | None = None, kafka: str | None = None) -> Settings:
    """Settings of the environment, with what was said on the command line on top."""
    environment = dict(os.environ)
    if data is not None:
        environment["IZVOR_DATA"] = str(data)
    if database is not None:
        environment["IZVOR_DATABASE_URL"] = database
    if kafka is not None:
        environment["IZVOR_KAFKA"] = kafka
    settings = Settings.from_environment(environment)
    configure(settings.log_level)
    kept = None if settings.secret_key else kept_secret_key(settings.data)
    return with_secret_key(settings, kept) if kept else settings


def with_secret_key(settings: Settings, key: str) -> Settings:
    """As if the key stood in the environment, where whatever opens personal data looks for it."""
    os.environ[VARIABLE] = key
    return replace(settings, secret_key=key)


@contextmanager
def database_of(settings: Settings, *, migrated: bool = True) -> Iterator[str]:
    """The database that a command works on; one with another schema than this program's is refused if `migrated`."""
    with _server_of(settings) as conninfo:
        with connect_or_refuse(conninfo) as connection:
            if migrated:
                refuse_other_schema(connection, expected_version())
        yield conninfo


@contextmanager
def _server_of(settings: Settings) -> Iterator[str]:
    """The server named, else the embedded one, running or started for the moment."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    cluster = settings.data / CLUSTER
    running = running_url(cluster)
    if running is not None and is_held(cluster):  # the file that names a server outlives a killed one
        yield running
        return
    if not cluster.exists():
        raise OperatorError(
            f"no database: {cluster} does not exist; give --data or --database, or start one with `izvor up`"
        )
    with EmbeddedPostgres(cluster) as server:
        yield server.url


def present(connection: psycopg.Connection[Any]) -> datetime:
    """The present instant, in a sandbox by the clock of the sandbox."""
    ((now,),) = connection.cursor(row_factory=tuple_row).execute("SELECT read.now()").fetchall()
    instant: datetime = now
    return instant


def cluster_of(settings: Settings) -> "Cluster | None":
    """Kafka, where one is configured."""
    from workers.kafka.cluster import Cluster, Login  # noqa: PLC0415 - other commands start faster without

    if settings.kafka is None:
        return None
    login = None
    if settings.kafka_mechanism and settings.kafka_user and settings.kafka_password:
        login = Login(mechanism=settings.kafka_mechanism, user=settings.kafka_user, password=settings.kafka_password)
    return Cluster(
        servers=settings.kafka,
        prefix=settings.kafka_prefix,
        encrypted=settings.kafka_encrypted,
        authorities=settings.kafka_ca,
        login=login,
    )
