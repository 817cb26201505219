"""Reading credit notes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import msgspec
from psycopg import sql

from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.payment.events import Allocation
from projections.credit_note_list.project import decode_allocations
from projections.pages import Page, numbered_page, page_of
from projections.rows import Connection, fetch_one, like_anywhere

_SELECT: Final = sql.SQL(
    "SELECT credit_note_id, organization_id, reference, number, series, issue_date, invoice_id, invoice_number,"
    " customer_id, customer_name, currency, net, vat, gross, applied, unapplied, refunded,"
    " allocations AS allocations_json, reason, document AS document_json, created_at, updated_at, version, position"
    " FROM read.credit_note_list"
)
_ONE: Final = sql.SQL(
    "{} WHERE organization_id = %(organization_id)s::uuid AND credit_note_id = %(credit_note_id)s::uuid"
).format(_SELECT)
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_CONDITIONS: Final[dict[str, sql.SQL]] = {
    "customer_id": sql.SQL("customer_id = %(customer_id)s"),
    "invoice_id": sql.SQL("invoice_id = %(invoice_id)s::uuid"),
    "currency": sql.SQL("currency = %(currency)s"),
    "issued_from": sql.SQL("issue_date >= %(issued_from)s"),
    "issued_to": sql.SQL("issue_date <= %(issued_to)s"),
}
_STATES: Final[dict[str, sql.SQL]] = {"open": sql.SQL("unapplied > 0"), "closed": sql.SQL("unapplied = 0")}

_SOUGHT: Final = sql.SQL(
    "(number ILIKE %(sought)s OR invoice_number ILIKE %(sought)s OR customer_name ILIKE %(sought)s"
    " OR reason ILIKE %(sought)s)"
)

_issued: Final = msgspec.json.Decoder(Issued)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteRow:
    """One credit note; amounts positive, in minor units of `currency`."""

    credit_note_id: str
    organization_id: str
    reference: int
    number: str
    series: str
    issue_date: date
    invoice_id: str
    invoice_number: str
    customer_id: str
    customer_name: str
    currency: str
    net: int
    vat: int
    gross: int
    applied: int
    unapplied: int
    refunded: int
    allocations_json: str
    reason: str
    document_json: str
    created_at: datetime
    updated_at: datetime
    version: int
    position: int

    @property
    def document(self) -> Issued:
        """The whole document, with lines and VAT breakdown."""
        return _issued.decode(self.document_json)

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """Which invoices hold how much of it now."""
        return decode_allocations(self.allocations_json)


def list_credit_notes(
    connection: Connection,
    organization_id: str,
    *,
    customer_id: str | None = None,
    invoice_id: str | None = None,
    currency: str | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
    state: Literal["open", "closed"] | None = None,
    sort: str = "reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[CreditNoteRow]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    given = {
        "customer_id": customer_id,
        "invoice_id": invoice_id,
        "currency": currency,
        "issued_from": issued_from,
        "issued_to": issued_to,
    }
    for name, value in given.items():
        if value is not None:
            conditions.append(_CONDITIONS[name])
            arguments[name] = value
    if state is not None:
        conditions.append(_STATES[state])
    return page_of(connection, CreditNoteRow, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after)


def get(connection: Connection, organization_id: str, credit_note_id: str) -> CreditNoteRow | None:
    return fetch_one(
        connection, CreditNoteRow, _ONE, {"organization_id": organization_id, "credit_note_id": credit_note_id}
    )


def numbered(
    connection: Connection,
    organization_id: str,
    *,
    customer_id: str | None = None,
    sought: str | None = None,
    sort: str = "reference",
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[CreditNoteRow], int]:
    """A page by its number, and how many there are in all; with `sought`, those that say it somewhere."""
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    if customer_id is not None:
        conditions.append(_CONDITIONS["customer_id"])
        arguments["customer_id"] = customer_id
    if sought is not None:
        conditions.append(_SOUGHT)
        arguments["sought"] = like_anywhere(sought.replace("\x00", ""))
    return numbered_page(
        connection, CreditNoteRow, _SELECT, conditions, arguments, sort=sort, page=page, per_page=per_page
    )
