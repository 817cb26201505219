"""Reading what happened between an invoice and e-Factura."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from projections.rows import Connection, fetch

_OF_INVOICE: Final = (
    "SELECT position, kind, attempt, upload_index, status, response_code, sha256, recorded_at FROM read.efactura_list"
    " WHERE organization_id = %(organization_id)s::uuid AND invoice_id = %(invoice_id)s::uuid ORDER BY position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EFacturaRow:
    """A submission or an answer, in the order in which they were recorded."""

    position: int
    kind: str
    attempt: int | None
    upload_index: str | None
    status: str | None
    response_code: str | None
    sha256: str
    recorded_at: datetime


def efactura_of(connection: Connection, organization_id: str, invoice_id: str) -> list[EFacturaRow]:
    return fetch(connection, EFacturaRow, _OF_INVOICE, {"organization_id": organization_id, "invoice_id": invoice_id})
