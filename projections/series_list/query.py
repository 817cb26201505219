"""Reading number series, and proving from the facts that they have no hole."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from invoicing_domain.model.number_series.events import DocumentKind
from projections.rows import Connection, fetch, fetch_one

_OF_ORGANIZATION: Final = (
    "SELECT series_id, document, prefix, decision, valid_from, valid_to, closed_on, first_value, last_value,"
    " last_number, last_issue_date, issued, version, position"
    " FROM read.series_list WHERE organization_id = %(organization_id)s::uuid ORDER BY document, prefix"
)

# The whole stream of the series, in the order in which its numbers were given.
_GIVEN: Final = """
    WITH given AS (
        SELECT originator_version AS version, (fact ->> 'value')::bigint AS value, fact ->> 'number' AS number,
            (fact ->> 'issue_date')::date AS issue_date
        FROM (SELECT originator_version, convert_from(state, 'UTF8')::jsonb -> 'fact' AS fact FROM izvor.events
              WHERE originator_id = %(series_id)s::uuid AND organization_id = %(organization_id)s::uuid
                  AND topic LIKE 'number_series.number_allocated/%%') facts
    ), steps AS (
        SELECT *, lag(value) OVER w AS value_before, lag(issue_date) OVER w AS date_before
        FROM given WINDOW w AS (ORDER BY version)
    )
"""
_PROOF: Final = (
    _GIVEN
    + """
    SELECT count(*) AS count, count(DISTINCT value) AS distinct_count, min(value) AS first_value,
        max(value) AS last_value, min(issue_date) AS first_issue_date, max(issue_date) AS last_issue_date,
        count(*) FILTER (WHERE value <= value_before OR issue_date < date_before) AS out_of_order
    FROM steps
"""
)
_HOLES: Final = (
    _GIVEN
    + """
    SELECT coalesce(value_before + 1, %(first_value)s) AS first_value, value - 1 AS last_value
    FROM steps WHERE value > coalesce(value_before + 1, %(first_value)s) ORDER BY 1 LIMIT 100
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """A series; `last_value` is None before its first number."""

    series_id: str
    document: DocumentKind
    prefix: str
    decision: str
    valid_from: date | None
    valid_to: date | None
    closed_on: date | None
    first_value: int
    last_value: int | None
    last_number: str | None
    last_issue_date: date | None
    issued: int
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the facts say of the numbers of a series; the values are None before the first."""

    count: int
    distinct_count: int
    first_value: int | None
    last_value: int | None
    first_issue_date: date | None
    last_issue_date: date | None
    out_of_order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Numbers, from one to another, that no document has."""

    first_value: int
    last_value: int


def list_series(connection: Connection, organization_id: str) -> list[SeriesRow]:
    return fetch(connection, SeriesRow, _OF_ORGANIZATION, {"organization_id": organization_id})


def prove(connection: Connection, organization_id: str, row: SeriesRow) -> tuple[Proof, list[Hole]]:
    """Count the numbers of a series in the facts themselves, not in a read model; at most 100 holes are named."""
    arguments = {
        "organization_id": organization_id,
        "series_id": row.series_id,
        "first_value": row.first_value,
    }
    proof = fetch_one(connection, Proof, _PROOF, arguments)
    if proof is None:
        raise LookupError(row.series_id)
    dense = proof.count == 0 or (
        proof.first_value == row.first_value
        and proof.last_value is not None
        and proof.last_value - row.first_value + 1 == proof.count == proof.distinct_count
    )
    return proof, [] if dense else fetch(connection, Hole, _HOLES, arguments)
