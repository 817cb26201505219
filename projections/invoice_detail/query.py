"""Reading one invoice in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from invoicing_domain.model.invoice.state import Invoice
from projections.invoice_detail.project import decode_state
from projections.rows import Connection, fetch, fetch_one

_GET: Final = (
    "SELECT invoice_id, state, created_at, sent_at, updated_at, version, position FROM read.invoice_detail"
    " WHERE invoice_id = %(invoice_id)s::uuid AND organization_id = %(organization_id)s::uuid"
)

_GET_MANY: Final = (
    "SELECT invoice_id, state, created_at, sent_at, updated_at, version, position FROM read.invoice_detail"
    " WHERE invoice_id = ANY(%(invoice_ids)s::uuid[]) AND organization_id = %(organization_id)s::uuid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRow:
    """An invoice at a version: `state` is what the domain would load."""

    invoice_id: str
    state: Invoice
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    invoice_id: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime
    version: int
    position: int


def get(connection: Connection, organization_id: str, invoice_id: str) -> DetailRow | None:
    """The invoice, or None when the organization has none of that id (whoever else may have it)."""
    stored = fetch_one(connection, _Stored, _GET, {"organization_id": organization_id, "invoice_id": invoice_id})
    return None if stored is None else _revived(stored)


def get_many(connection: Connection, organization_id: str, invoice_ids: Sequence[str]) -> dict[str, DetailRow]:
    """Those of the invoices that the organization has, by id."""
    arguments = {"organization_id": organization_id, "invoice_ids": list(invoice_ids)}
    return {stored.invoice_id: _revived(stored) for stored in fetch(connection, _Stored, _GET_MANY, arguments)}


def _revived(stored: _Stored) -> DetailRow:
    return DetailRow(
        invoice_id=stored.invoice_id,
        state=decode_state(stored.state),
        created_at=stored.created_at,
        sent_at=stored.sent_at,
        updated_at=stored.updated_at,
        version=stored.version,
        position=stored.position,
    )
