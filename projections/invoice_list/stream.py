"""All invoices of a filter, one after the other, for exports: a cursor of the server, so that memory does not grow."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.query import all_of
from projections.invoice_list.row import InvoiceRow
from projections.rows import Connection, as_text, rows_of

FETCHED_AT_ONCE: Final = 1_000


def stream(
    connection: Connection, organization_id: str, wanted: InvoiceFilter, *, today: date, sort: str = "reference"
) -> Iterator[InvoiceRow]:
    """Rows in order, inside a transaction of the caller. Raises ValueError at once for a bad sort."""
    query, arguments = all_of(organization_id, wanted, today=today, sort=sort)

    def rows() -> Iterator[InvoiceRow]:
        with connection.cursor("exported_invoices", row_factory=rows_of(InvoiceRow)) as cursor:
            as_text(cursor)
            cursor.itersize = FETCHED_AT_ONCE
            yield from cursor.execute(query, arguments)

    return rows()
