"""The library's datastore, reached by any connection string that libpq understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from invoicing_domain.recording.tenancy import Lending

# Rows are looked up by their keys: one plan suits all values, and planning would cost more than finding them.
_SETTINGS: Final = "-c plan_cache_mode=force_generic_plan"


class Datastore(PostgresDatastore):
    """A pool of autocommit connections. TLS and every other option of the connection string hold.

    `per_organization`: each is lent for the organization that the thread works for (`tenancy`), else as it comes.
    """

    def __init__(
        self, conninfo: str, *, pool_size: int = 2, max_overflow: int = 14, per_organization: bool = False
    ) -> None:
        super().__init__("", "", "", "", "", pool_size=pool_size, max_overflow=max_overflow, connect_timeout=10)
        self.pool.reconnect_timeout = 5.0  # then the next request tries, not a clock that doubles its pauses
        told = conninfo_to_dict(conninfo)
        told["options"] = f"{told.get('options') or ''} {_SETTINGS}".strip()
        self.pool.kwargs = {**told, "row_factory": dict_row}
        self._lend = Lending() if per_organization else _as_it_comes

    @contextmanager
    def connection(self) -> Iterator[Connection[dict[str, Any]]]:
        """A connection that raises the driver's own errors, which tell constraints apart."""
        self.pool.open()
        with self.pool.connection() as connection:
            self._lend(connection)
            yield connection

    @contextmanager
    def get_connection(self) -> Iterator[Connection[dict[str, Any]]]:
        """The library's own way to a connection, no less guarded."""
        with super().get_connection() as connection:
            self._lend(connection)
            yield connection

    def weed(self) -> None:
        """Replace idle connections that are dead: one that broke seldom broke alone (the server was restarted)."""
        self.pool.check()

    def register_type_adapters(self) -> None:
        """The library's composite types are not used: nothing to ask the server before the first piece of work."""


def _as_it_comes(_: Connection[Any]) -> None:
    """For roles that see all organizations."""
