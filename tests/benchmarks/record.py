"""Commands recorded a second, durably, against plain inserts of the same bytes.

Ours: `InvoicingService.execute` of a draft with one line (two facts), reference prepared: decide, encode, append, wait
for the disk. Raw: the same two rows, encoded beforehand, in one prepared INSERT a transaction, on as many connections.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any, Final

import psycopg

from invoicing_domain.model.invoice import decide as invoices
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import meta_of
from invoicing_domain.service import InvoicingService
from tests.benchmarks.harness import Bench, Figure, compared, interleaved, per_second
from tests.support.commands import context, draft

CLIENTS: Final = (1, 4, 8)
COMMANDS_A_CLIENT: Final = 400
GOAL_AT_8: Final = 0.35

RAW_TABLE: Final = (
    "CREATE TABLE raw (stream uuid NOT NULL, version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL,"
    " PRIMARY KEY (stream, version))"
)
RAW_INSERT: Final = "INSERT INTO raw VALUES (%s, %s, %s, %b), (%s, %s, %s, %b)"


def measure(bench: Bench) -> Iterator[Figure]:
    for clients in CLIENTS:
        with bench.database() as url, Ledger(url, pool_size=clients) as ledger:
            samples = interleaved(bench.rounds, _rivals(bench, url, ledger, clients))
            yield compared(
                f"commands recorded, {clients} client{'s' if clients > 1 else ''}",
                samples,
                unit="commands/s",
                raw_name="plain inserts of the same bytes",
                goal=GOAL_AT_8 if clients == CLIENTS[-1] else None,
            )


def _rivals(bench: Bench, url: str, ledger: Ledger, clients: int) -> dict[str, Callable[[], float]]:
    service = InvoicingService(ledger)
    references = count(1)
    size = clients * bench.size(COMMANDS_A_CLIENT)
    with psycopg.connect(url) as connection:
        connection.execute(RAW_TABLE)

    def ours() -> float:
        asked = [(draft(next(references)), context()) for _ in range(size)]
        return per_second(clients, [partial(service.execute, command, told) for command, told in asked])

    def raw() -> float:
        rows = [_rows(ledger.codec, next(references)) for _ in range(size)]
        connections = [psycopg.connect(url, autocommit=True) for _ in range(clients)]
        try:
            pieces = [partial(_insert, connections[number % clients], row) for number, row in enumerate(rows)]
            return per_second(clients, pieces)
        finally:
            for connection in connections:
                connection.close()

    return {"ours": ours, "raw": raw}


def _insert(connection: psycopg.Connection, row: tuple[Any, ...]) -> None:
    connection.execute(RAW_INSERT, row, prepare=True)


def _rows(codec: Codec, reference: int) -> tuple[Any, ...]:
    command, told = draft(reference), context()
    facts = invoices.draft(None, command, told)
    return tuple(
        value
        for version, fact in enumerate(facts, start=1)
        for value in (command.invoice_id, version, codec.topic(fact), codec.encode(fact, meta_of(told)))
    )
