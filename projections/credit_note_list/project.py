"""From facts to rows of the credit note list: one fact, one row."""

from collections.abc import Iterable
from typing import Final

from invoicing_domain.model.credit_note.events import Issued
from projections.readmodel import Appended, Event, ReadModel, Row
from projections.text import to_json

COLUMNS: Final = (
    "credit_note_id",
    "organization_id",
    "reference",
    "number",
    "series",
    "issue_date",
    "invoice_id",
    "invoice_number",
    "customer_id",
    "customer_name",
    "currency",
    "net",
    "vat",
    "gross",
    "applied",
    "unapplied",
    "reason",
    "document",
    "created_at",
    "version",
    "position",
)


def rows(_: None, event: Event) -> Iterable[Row]:
    fact: Issued = event.fact
    yield (
        event.stream_id,
        event.organization_id,
        fact.reference,
        fact.number,
        fact.series,
        fact.issue_date,
        fact.invoice_id,
        fact.invoice_number,
        fact.customer.customer_id,
        fact.customer.name,
        fact.currency,
        fact.totals.net.minor,
        fact.totals.vat.minor,
        fact.totals.gross.minor,
        fact.applied.minor,
        fact.unapplied.minor,
        fact.reason,
        to_json(fact),
        event.at,
        event.version,
        event.position,
    )


MODEL: Final = ReadModel(
    name="credit_note_list",
    facts=frozenset({Issued}),
    appended=Appended(table="credit_note_list", columns=COLUMNS, rows=rows),
)
