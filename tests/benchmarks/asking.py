"""Asking over HTTP and in bare SQL: the same questions, one after the other, each timed by itself."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from api.reads import Reads
from deploy.roles import ONE, acting_as
from invoicing_domain.recording.tenancy import work_for
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.query import SORTS, Wish, selection
from projections.invoice_search.query import narrowed
from projections.keyset import Order, parse_sort
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
        """The statements of a list page alone, its rows as tuples; words of `q` are looked up beforehand."""
        wanted = self._filter(query)
        return timed(lambda: self._select(wanted, sort))

    def _select(self, wanted: InvoiceFilter, sort: str) -> None:
        order = parse_sort(sort, SORTS, last="reference")
        wish = Wish(self.organization_id, wanted, order, self.today, PAGE)
        statement, arguments = selection(self.connection, wish)
        self.connection.cursor(row_factory=tuple_row).execute(statement, arguments).fetchall()

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
