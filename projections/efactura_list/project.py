"""From facts to rows of the e-Factura list: one fact, one row."""

from collections.abc import Iterable
from typing import Final

from invoicing_domain.model.invoice.events import EFacturaAcknowledged, EFacturaSubmitted
from projections.readmodel import Appended, Event, ReadModel, Row

COLUMNS: Final = (
    "position",
    "invoice_id",
    "organization_id",
    "kind",
    "attempt",
    "upload_index",
    "status",
    "response_code",
    "sha256",
    "recorded_at",
)


def rows(_: None, event: Event) -> Iterable[Row]:
    who = (event.position, event.stream_id, event.organization_id)
    match event.fact:
        case EFacturaSubmitted() as sent:
            yield (*who, "submitted", sent.attempt, sent.upload_index, None, None, sent.xml_sha256, event.at)
        case EFacturaAcknowledged() as answer:
            details = (answer.upload_index, answer.status, answer.response_code, answer.answer_sha256)
            yield (*who, "acknowledged", None, *details, event.at)


MODEL: Final = ReadModel(
    name="efactura_list",
    facts=frozenset({EFacturaSubmitted, EFacturaAcknowledged}),
    appended=Appended(table="efactura_list", columns=COLUMNS, rows=rows),
)
