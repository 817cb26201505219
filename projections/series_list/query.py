"""Reading number series."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from projections.rows import Connection, fetch

_OF_ORGANIZATION: Final = (
    "SELECT series_id, document, prefix, first_value, last_value, last_number, last_issue_date, issued, version,"
    " position FROM read.series_list WHERE organization_id = %(organization_id)s::uuid ORDER BY document, prefix"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """A series; `last_value` is None before its first number."""

    series_id: str
    document: str
    prefix: str
    first_value: int
    last_value: int | None
    last_number: str | None
    last_issue_date: date | None
    issued: int
    version: int
    position: int


def list_series(connection: Connection, organization_id: str) -> list[SeriesRow]:
    return fetch(connection, SeriesRow, _OF_ORGANIZATION, {"organization_id": organization_id})
