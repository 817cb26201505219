"""Reading customers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from psycopg import sql

from invoicing_domain.model.customer.events import CustomerProfile
from projections.pages import Page, numbered_page, page_of
from projections.rows import Connection, fetch_one, like_anywhere
from projections.text import searchable

_SELECT: Final = sql.SQL(
    "SELECT customer_id, organization_id, reference, name, tax_id, profile AS profile_json, created_at, updated_at,"
    " erased_at, version, position FROM read.customer_list"
)
_ONE: Final = sql.SQL(
    "{} WHERE organization_id = %(organization_id)s::uuid AND customer_id = %(customer_id)s::uuid"
).format(_SELECT)
_OF_ORGANIZATION: Final = sql.SQL("organization_id = %(organization_id)s::uuid")
_FOUND: Final = sql.SQL("search_text LIKE ALL(%(words)s)")
_BY_TAX_ID: Final = sql.SQL("tax_id = %(tax_id)s")

_profile: Final = msgspec.json.Decoder(CustomerProfile)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    customer_id: str
    organization_id: str
    reference: int
    name: str
    tax_id: str | None
    profile_json: str
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None
    version: int
    position: int

    @property
    def profile(self) -> CustomerProfile:
        return _profile.decode(self.profile_json)


def list_customers(
    connection: Connection,
    organization_id: str,
    *,
    q: str | None = None,
    tax_id: str | None = None,
    sort: str = "reference",
    limit: int = 25,
    after: str | None = None,
) -> Page[CustomerRow]:
    """A page of customers; with `q`, those in which every word occurs (name, tax id, e-mail, address, iban)."""
    conditions, arguments = _held(organization_id, q)
    if tax_id is not None:
        conditions.append(_BY_TAX_ID)
        arguments["tax_id"] = tax_id.replace("\x00", "")
    return page_of(connection, CustomerRow, _SELECT, conditions, arguments, sort=sort, limit=limit, after=after)


def numbered(
    connection: Connection,
    organization_id: str,
    *,
    q: str | None = None,
    sort: str = "reference",
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[CustomerRow], int]:
    """A page by its number, and how many customers there are in all."""
    conditions, arguments = _held(organization_id, q)
    return numbered_page(
        connection, CustomerRow, _SELECT, conditions, arguments, sort=sort, page=page, per_page=per_page
    )


def _held(organization_id: str, q: str | None) -> tuple[list[sql.Composable], dict[str, object]]:
    conditions: list[sql.Composable] = [_OF_ORGANIZATION]
    arguments: dict[str, object] = {"organization_id": organization_id}
    if q and (words := searchable(q.replace("\x00", " ")).split()):
        conditions.append(_FOUND)
        arguments["words"] = [like_anywhere(word) for word in words]
    return conditions, arguments


def get(connection: Connection, organization_id: str, customer_id: str) -> CustomerRow | None:
    return fetch_one(connection, CustomerRow, _ONE, {"organization_id": organization_id, "customer_id": customer_id})
