"""Figures of commands and of the store for Prometheus, a ledger and a service that keep them, and a span each command.

They stand here because API and workers both record, and may not see each other. Each process hands in a registry of its
own; where its figures can be read is the business of whoever starts the process. Measuring lies around the ledger and
the service, not in them.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from invoicing_domain import spans
from invoicing_domain.model.context import Context
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.append import StoredAnswer
from invoicing_domain.recording.application import Change, Ledger
from invoicing_domain.recording.recorder import Conflict
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from invoicing_domain.tracing import span, tell

COMMANDS: Final = "izvor_commands_total"
COMMAND_SECONDS: Final = "izvor_command_duration_seconds"
APPEND_SECONDS: Final = "izvor_store_append_duration_seconds"
CONFLICTS: Final = "izvor_store_conflicts_total"

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; the first ones are where a healthy machine is."""


class CommandFigures:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.commands = Counter(COMMANDS, "Commands by how they ended", ("command", "outcome"), registry=registry)
        self.seconds = Histogram(
            COMMAND_SECONDS, "From the request to the answer", ("command",), registry=registry, buckets=BUCKETS
        )
        self.append_seconds = Histogram(
            APPEND_SECONDS, "Writing the facts of one command to disk", registry=registry, buckets=BUCKETS
        )
        self.conflicts = Counter(CONFLICTS, "Commands decided anew, for another was faster", registry=registry)


class MeasuredLedger(Ledger):
    def __init__(self, conninfo: str, figures: CommandFigures, **options: Any) -> None:
        super().__init__(conninfo, **options)
        self._figures = figures

    def append(
        self,
        changes: Iterable[Change],
        context: Context,
        answer: StoredAnswer | None = None,
        visible: Callable[[], None] | None = None,
    ) -> int:
        try:
            with self._figures.append_seconds.time():
                return super().append(changes, context, answer, visible)
        except Conflict:
            self._figures.conflicts.inc()
            raise


class MeasuredService(InvoicingService):
    def __init__(self, ledger: Ledger, figures: CommandFigures) -> None:
        super().__init__(ledger)
        self._figures = figures

    def execute(
        self,
        command: object,
        context: Context,
        *,
        key: ClientKey | None = None,
        expected_version: int | None = None,
        about: str | None = None,
    ) -> Outcome:
        name, ended, began = type(command).__name__, "failed", time.perf_counter()
        with span(f"command {name}", {spans.COMMAND: name, spans.ORGANIZATION: context.organization_id}):
            try:
                outcome = super().execute(command, context, key=key, expected_version=expected_version, about=about)
                ended = "replayed" if outcome.replayed else "accepted"
            except Refusal:
                ended = "refused"
                raise
            else:
                return outcome
            finally:
                tell(spans.OUTCOME, ended)
                self._figures.commands.labels(name, ended).inc()
                self._figures.seconds.labels(name).observe(time.perf_counter() - began)
