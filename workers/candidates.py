"""Which invoices a reminder is thought about for. A hint, never a decision: it may lag, so it may only be too early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An invoice that looked overdue and unpaid when its stream was at `version`."""

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
