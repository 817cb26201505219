"""Asking over HTTP and in bare SQL: the same questions, one after the other, each timed by itself."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Self
from urllib.parse import urlencode

from psycopg import Connection, Cursor, sql

from api.reads import Reads
from deploy.roles import ONE, acting_as
from invoicing_domain.recording.tenancy import work_for
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.query import list_invoices
from projections.invoice_search.query import narrowed
from projections.keyset import Order
from tests.benchmarks.cases import Query
from tests.benchmarks.http import Client

PAGE: Final = 25

_NTH: Final = sql.SQL(
    "SELECT {} FROM read.invoice_list WHERE organization_id = %s AND phase <> 'discarded' ORDER BY {} OFFSET %s LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody with a token at the API, and the same rights on a connection of the API's own kind."""

    client: Client
    connection: Connection[Any]
    organization_id: str
    today: date

    def milliseconds(self, path: str, query: Query) -> float:
        address = _address(path, query)
        return timed(lambda: self.client.get(address))

    def bare_milliseconds(self, query: Query, sort: str) -> float:
        """What the statements of a list page take, from text to rows as tuples; nothing between them counts."""
        spent: list[float] = []
        self.connection.cursor_factory = _timing(spent)
        list_invoices(
            self.connection, self.organization_id, self._filter(query), today=self.today, sort=sort, limit=PAGE
        )
        return sum(spent)

    def nth(self, order: Order, rows_before: int) -> list[str]:
        """The sort keys of the last of so many rows."""
        query = _NTH.format(order.cursor_column(), order.order_by())
        found: list[str] = self.connection.execute(query, (self.organization_id, rows_before - 1)).fetchall()[0][0]
        return found

    def _filter(self, query: Query) -> InvoiceFilter:
        given: dict[str, Any] = {name: value for name, value in query.items() if name != "q"}
        for name in ("total_min", "total_max"):
            if name in given:
                given[name] = Decimal(given[name])
        if "status" in given:
            given["status"] = tuple(given["status"].split(","))
        if "overdue" in given:
            given["overdue"] = given["overdue"] == "true"
        found = narrowed(self.connection, self.organization_id, str(query["q"])) if "q" in query else None
        return InvoiceFilter(**given, ids=found.ids if found else (), matching=found.matching if found else None)


def _timing(spent: list[float]) -> type[Cursor[Any]]:
    """Cursors that note how long each statement takes, and the reading of its rows; the text is put together before."""

    class Timing(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
            text = query.as_bytes(self) if isinstance(query, sql.Composable) else query
            spent.append(timed(lambda: super(Timing, self).execute(text, params, **options)))
            return self

        def fetchall(self) -> list[Any]:
            began = time.perf_counter()
            rows = super().fetchall()
            spent.append((time.perf_counter() - began) * 1000)
            return rows

    return Timing


@contextmanager
def asker(url: str, port: int, token: str, organization_id: str, today: date) -> Iterator[Asker]:
    client = Client(port, token)
    work_for(organization_id)
    with Reads(acting_as(url, ONE), 1, 5.0) as reads, reads.connection() as connection:
        yield Asker(client, connection, organization_id, today)
    client.close()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def p95(samples: Sequence[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


def _address(path: str, query: Query) -> str:
    return f"/api/v1{path}?{urlencode(query)}"
