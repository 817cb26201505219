"""How a bulk run starts and goes on."""

from invoicing_domain.model.bulk_run.commands import AdvanceBulkRun, StartBulkRun
from invoicing_domain.model.bulk_run.events import BulkRunAdvanced, BulkRunStarted
from invoicing_domain.model.bulk_run.state import BulkRun
from invoicing_domain.model.refusal import Refusal


def start(state: BulkRun | None, command: StartBulkRun) -> tuple[BulkRunStarted, ...]:
    if state is not None:
        raise Refusal("bulk_run_exists", "this bulk run exists already", reference=command.reference)
    return (BulkRunStarted(reference=command.reference, work=command.work, items=command.items),)


def advance(state: BulkRun | None, command: AdvanceBulkRun) -> tuple[BulkRunAdvanced, ...]:
    """The results of the next invoices, once: silent when somebody else has taken them down."""
    if state is None:
        raise Refusal("not_found", "there is no such bulk run")
    if command.done != len(state.results) or not command.results:
        return ()
    return (BulkRunAdvanced(results=command.results, left=len(state.left) - len(command.results)),)
