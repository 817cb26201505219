"""Which invoices a reminder is thought about for. A hint, never a decision: it may lag, so it may only be too early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from psycopg import Connection
from psycopg_pool import ConnectionPool

from projections.errand_list import query as errand_list
from projections.invoice_list import query as invoice_list
from projections.organization_list import query as organization_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An invoice that looked as if somebody were to be reminded of it when its stream was at `version`."""

    invoice_id: str
    version: int


class Candidates(Protocol):
    """Where the worker learns whom to look at."""

    def organizations(self) -> Sequence[str]:
        """Ids of all organizations."""
        ...

    def overdue_unpaid(self, organization_id: str, due_on_or_before: date) -> Sequence[Candidate]:
        """Sent invoices of an organization with something left to pay, due on that day or before it."""
        ...

    def requested(self, organization_id: str) -> Sequence[Candidate]:
        """Invoices of an organization for which somebody asked for a reminder, longest waiting first."""
        ...


class ListedCandidates:
    """Candidates from the read models."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def organizations(self) -> Sequence[str]:
        with self._pool.connection() as connection:
            return [row.organization_id for row in organization_list.organizations(connection)]

    def overdue_unpaid(self, organization_id: str, due_on_or_before: date) -> Sequence[Candidate]:
        with self._pool.connection() as connection:
            rows = invoice_list.overdue_unpaid(connection, organization_id, due_on_or_before)
        return [Candidate(invoice_id=row.invoice_id, version=row.version) for row in rows]

    def requested(self, organization_id: str) -> Sequence[Candidate]:
        with self._pool.connection() as connection:
            rows = errand_list.open_errands(connection, "reminder", organization_id)
        return [Candidate(invoice_id=row.stream_id, version=row.version) for row in rows]
