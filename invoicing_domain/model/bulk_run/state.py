"""The bulk run as the fold of its facts."""

from dataclasses import dataclass
from typing import Literal

from invoicing_domain.model.bulk_run.events import BulkRunFact, BulkRunStarted, Result, Work
from invoicing_domain.model.states import changed

BulkRunStatus = Literal["running", "finished"]


@dataclass(frozen=True, kw_only=True)
class BulkRun:
    """The first of the `items` have their `results`; the others are still to be done."""

    reference: int
    work: Work
    items: tuple[str, ...]
    results: tuple[Result, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        return self.items[len(self.results) :]

    @property
    def status(self) -> BulkRunStatus:
        return "running" if self.left else "finished"


def evolve(state: BulkRun | None, fact: BulkRunFact) -> BulkRun:
    if isinstance(fact, BulkRunStarted):
        return BulkRun(reference=fact.reference, work=fact.work, items=fact.items)
    if state is None:
        raise TypeError("a bulk run begins with BulkRunStarted")
    return changed(state, results=state.results + fact.results)
