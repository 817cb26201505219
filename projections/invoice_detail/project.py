"""From facts to the state of each invoice, by the domain's own fold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

import msgspec

from invoicing_domain.model.invoice.events import Drafted, InvoiceFact, Sent
from invoicing_domain.model.invoice.state import Invoice, evolve
from projections.readmodel import Event, Keyed, ReadModel, Row
from projections.text import to_json

COLUMNS: Final = (
    "invoice_id",
    "organization_id",
    "state",
    "created_at",
    "sent_at",
    "updated_at",
    "version",
    "position",
)

_invoice: Final = msgspec.json.Decoder(Invoice)


@dataclass(slots=True)
class Detail:
    """A row in the making."""

    invoice_id: str
    organization_id: str
    state: Invoice
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime
    version: int
    position: int


def decode_state(text: str | bytes) -> Invoice:
    return _invoice.decode(text)


def revive(row: Row) -> Detail:
    return Detail(row[0], row[1], decode_state(row[2]), *row[3:])


def fold(detail: Detail | None, event: Event) -> Detail:
    if detail is None:
        state = evolve(None, event.fact)
        return Detail(
            event.stream_id, event.organization_id, state, event.at, None, event.at, event.version, event.position
        )
    detail.state = evolve(detail.state, event.fact)
    if type(event.fact) is Sent:
        detail.sent_at = event.at
    detail.updated_at = event.at
    detail.version = event.version
    detail.position = event.position
    return detail


def render(detail: Detail) -> Row:
    return (
        detail.invoice_id,
        detail.organization_id,
        to_json(detail.state),
        detail.created_at,
        detail.sent_at,
        detail.updated_at,
        detail.version,
        detail.position,
    )


MODEL: Final = ReadModel(
    name="invoice_detail",
    version=3,
    facts=frozenset(get_args(InvoiceFact)),
    keyed=Keyed(
        table="invoice_detail",
        columns=COLUMNS,
        begins=frozenset({Drafted}),
        revive=revive,
        fold=fold,
        render=render,
    ),
)
