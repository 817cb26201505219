"""A process full of threads that record drafts as fast as they can, some of them against a version that is taken.

    python -m tests.support.writers URL PROCESS_NUMBER THREADS COMMANDS

Each thread records COMMANDS commands of two facts each; every fifth is tried again at the same place first, which the
store has to turn down after it has taken the append lock: a rollback that must leave no hole.
"""

import sys
from threading import Thread
from typing import Any

from eventsourcing.persistence import RecordConflictError

from invoicing_domain.recording.application import Change, Ledger
from invoicing_domain.service import InvoicingService, Outcome
from tests.support.commands import ORGANIZATION, context, draft


def record(ledger: Ledger, references: range) -> None:
    service = InvoicingService(ledger)
    for reference in references:
        outcome = service.execute(draft(reference), context())
        if reference % 5 == 0:
            _collide(ledger, outcome)


def _collide(ledger: Ledger, outcome: Outcome) -> None:
    facts: list[Any] = [recorded.fact for recorded in ledger.history(outcome.stream_id)]
    try:
        ledger.append([Change(outcome.stream_id, 0, facts)], context(ORGANIZATION))
    except RecordConflictError:
        return
    raise AssertionError("a version was given twice")


def main(url: str, process: int, threads: int, commands: int) -> None:
    with Ledger(url, max_overflow=threads) as ledger:
        first = process * 1_000_000 + 1
        ranges = [range(first + n * 10_000, first + n * 10_000 + commands) for n in range(threads)]
        running = [Thread(target=record, args=(ledger, references)) for references in ranges]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
