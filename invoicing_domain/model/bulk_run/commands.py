"""What one may ask about a bulk run."""

from dataclasses import dataclass

from invoicing_domain.model.bulk_run.events import Result, Work
from invoicing_domain.model.identity import StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBulkRun:
    run_id: StreamId
    reference: int
    work: Work
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceBulkRun:
    """Take down the results of the invoices that follow the first `done` ones."""

    run_id: StreamId
    done: int
    results: tuple[Result, ...]
