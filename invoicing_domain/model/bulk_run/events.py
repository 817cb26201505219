"""What happened in a bulk run: one action on many invoices, done one after the other, each with its result."""

from dataclasses import dataclass, field
from typing import Literal

from invoicing_domain.model.invoice.events import Delivery

Action = Literal["send", "remind", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What to do with each invoice; `deliver` and `series` are about sending."""

    action: Action
    deliver: Delivery = "none"
    series: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one invoice, named as whoever asked named it; an empty `code` means done."""

    item: str
    number: str | None = None
    code: str = ""
    detail: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRunStarted:
    reference: int
    work: Work
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRunAdvanced:
    """Results of the next invoices, in the order of the items; the run is over when none is `left`."""

    results: tuple[Result, ...]
    left: int


BulkRunFact = BulkRunStarted | BulkRunAdvanced
