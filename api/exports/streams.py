"""Documents of a period, read in batches inside one transaction, so that memory does not grow with the period."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Final, TypeVar

from api.exports import saga
from projections.credit_note_list.query import CreditNoteRow, list_credit_notes
from projections.invoice_detail.query import get_many
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.stream import stream
from projections.rows import Connection

BATCH: Final = 100

SENT: Final = ("sent", "partially_paid", "paid", "overdue", "credited", "cancelled")

T = TypeVar("T")


def documents(
    connection: Connection, organization_id: str, since: date, until: date, today: date
) -> Iterator[saga.Document]:
    """Sent invoices in the order of their numbers, then credit notes, both dated within the period."""
    wanted = InvoiceFilter(status=SENT, issued_from=since, issued_to=until)
    rows = stream(connection, organization_id, wanted, today=today, sort="number")
    for batch in _batches(row.invoice_id for row in rows):
        found = get_many(connection, organization_id, batch)
        for invoice_id in batch:
            if invoice_id in found:
                yield saga.of_invoice(invoice_id, found[invoice_id].state)
    for notes in _pages_of_notes(connection, organization_id, since, until):
        corrected = get_many(connection, organization_id, [note.invoice_id for note in notes])
        for note in notes:
            lines = corrected[note.invoice_id].state.lines if note.invoice_id in corrected else ()
            yield saga.of_credit_note(note.credit_note_id, note.document, lines)


def _pages_of_notes(
    connection: Connection, organization_id: str, since: date, until: date
) -> Iterator[list[CreditNoteRow]]:
    after: str | None = None
    while True:
        page = list_credit_notes(
            connection, organization_id, issued_from=since, issued_to=until, limit=BATCH, after=after
        )
        yield page.rows
        if page.next is None:
            return
        after = page.next


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
