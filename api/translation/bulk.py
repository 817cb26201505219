"""From results of bulk actions to the shapes of their answers."""

from collections.abc import Sequence

from msgspec.structs import replace

from api.entrance.problems import STATUS_OF_REFUSAL, Problem
from api.shapes.issuing_views import BulkProblemView, BulkResultView, BulkView
from api.shapes.views import InvoiceView
from invoicing_domain.model.bulk_run.events import Result
from invoicing_domain.model.bulk_run.state import BulkRun


def at_once(action: str, results: Sequence[BulkResultView]) -> BulkView:
    """The answer to a request whose invoices are all done."""
    return _view(action, len(results), results)


def run(run_id: str, of: BulkRun) -> BulkView:
    """A run, with the results so far."""
    view = _view(of.work.action, len(of.items), [result(one) for one in of.results])
    return replace(view, id=run_id, reference=of.reference)


def _view(action: str, total: int, results: Sequence[BulkResultView]) -> BulkView:
    done = sum(one.ok for one in results)
    return BulkView(
        id=None,
        reference=None,
        status="finished" if len(results) == total else "running",
        action=action,
        total=total,
        done=len(results),
        ok=done,
        failed=len(results) - done,
        results=tuple(results),
    )


def result(of: Result, *, replayed: bool = False) -> BulkResultView:
    problem = None
    if of.code:
        status = STATUS_OF_REFUSAL.get(of.code, 422)
        problem = BulkProblemView(status=status, code=of.code, detail=of.detail, facts=dict(of.facts))
    return BulkResultView(
        id=of.item, ok=not of.code, replayed=replayed, number=of.number, problem=problem, invoice=None
    )


def failed(item: str, problem: Problem) -> BulkResultView:
    said = BulkProblemView(status=problem.status, code=problem.code, detail=problem.detail, facts=problem.facts)
    return BulkResultView(id=item, ok=False, replayed=False, number=None, problem=said, invoice=None)


def exported(item: str, invoice: InvoiceView) -> BulkResultView:
    return BulkResultView(id=item, ok=True, replayed=False, number=invoice.number, problem=None, invoice=invoice)
