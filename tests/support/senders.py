"""Many senders on one number series, about a third of them failing: refused, cut off, or killed with their process.

`issue_numbers` drives processes that each run this module, full of threads; `verdict` then reads the bare table.
"""

import itertools
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

import psycopg

from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.service import InvoicingService
from tests.support.commands import ORGANIZATION, context, draft, send, sending
from tests.support.processes import ROOT

SECONDS_BETWEEN_KILLS: Final = 1.0
SECONDS_BETWEEN_CUTS: Final = 0.05

_CUT_ONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state = 'active' ORDER BY random() LIMIT 1"
)
_ISSUED = "SELECT count(*) FROM izvor.events WHERE topic = 'number_series.number_allocated/1'"
_PAIRS = (
    "SELECT notification_id, originator_id::text, topic, convert_from(state, 'UTF8')::json -> 'fact'"
    " FROM izvor.events WHERE topic IN ('invoice.sent/1', 'number_series.number_allocated/1') ORDER BY 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What was done to the senders while they worked."""

    attempts: int
    refused: int
    kills: int
    cuts: int
    acknowledged: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the table says about the numbers of the series."""

    issued: int
    gaps: int
    duplicates: int
    out_of_order: int
    unpaired: int


@dataclass(frozen=True, slots=True)
class _Sender:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_at_work(self) -> bool:
        """Whether it would be killed amid its work: where machines are slow, none might live to begin."""
        return self.log.exists() and self.log.stat().st_size > 0


def issue_numbers(url: str, goal: int, logs: Path, *, processes: int, threads: int, kills: int) -> Damage:
    """Let senders work, under fire, until `goal` numbers are issued and `kills` processes were killed."""
    started = 0
    running: list[_Sender] = []
    done_kills, cuts = 0, 0
    next_kill = time.monotonic() + 2 * SECONDS_BETWEEN_KILLS
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            while len(running) < processes:
                started += 1
                running.append(_start(url, threads, logs / f"{started}.log"))
            time.sleep(SECONDS_BETWEEN_CUTS)
            cuts += connection.execute(_CUT_ONE).rowcount
            if time.monotonic() > next_kill and running[0].is_at_work:
                victim = running.pop(0).process
                victim.kill()
                victim.communicate()
                done_kills += 1
                next_kill = time.monotonic() + SECONDS_BETWEEN_KILLS
            if done_kills >= kills and _count(connection) >= goal:
                break
    for sender in running:
        sender.process.communicate()  # closes its input, upon which it ends what it is doing
        if sender.process.returncode != 0:
            raise AssertionError(f"a sender ended with {sender.process.returncode}")
    words = [line.split() for log in logs.iterdir() for line in log.read_text().splitlines() if line.endswith(".")]
    kinds = Counter(word[0] for word in words)
    return Damage(
        attempts=len(words),
        refused=kinds["refused"],
        kills=done_kills,
        cuts=cuts,
        acknowledged=[word[1] for word in words if word[0] == "sent"],
    )


def verdict(url: str) -> Verdict:
    with psycopg.connect(url) as connection:
        rows = connection.execute(_PAIRS).fetchall()
    sent = {position: (stream, fact) for position, stream, topic, fact in rows if topic == "invoice.sent/1"}
    allocated = [(position, fact) for position, _, topic, fact in rows if topic != "invoice.sent/1"]
    values = [fact["value"] for _, fact in allocated]
    paired = sum(_belong_together(sent.get(position - 1), fact) for position, fact in allocated)
    return Verdict(
        issued=len(values),
        gaps=len(set(range(1, len(values) + 1)) - set(values)),
        duplicates=len(values) - len(set(values)),
        out_of_order=sum(later <= earlier for earlier, later in itertools.pairwise(values)),
        unpaired=len(sent) + len(allocated) - 2 * paired,
    )


def _belong_together(sent: tuple[str, dict[str, object]] | None, allocated: dict[str, object]) -> bool:
    return sent is not None and (sent[0], sent[1]["number"]) == (allocated["document_id"], allocated["number"])


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute(_ISSUED).fetchone()
    return 0 if row is None else int(row[0])


def _start(url: str, threads: int, log: Path) -> _Sender:
    argv = [sys.executable, "-m", "tests.support.senders", url, log.stem, str(threads), str(log)]
    return _Sender(subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE), log)


def _work(service: InvoicingService, ledger: Ledger, stop: Event, log: int, seed: str) -> None:
    dice = random.Random(seed)  # noqa: S311 - luck of a test, repeatable
    while not stop.is_set():
        try:
            number = _attempt(service, ledger.recorder.next_reference(ORGANIZATION, "invoice"), dice.random())
            os.write(log, f"sent {number} .\n".encode())
        except Refusal as refused:
            os.write(log, f"refused {refused.code} .\n".encode())
        except StoreUnavailable:
            os.write(log, b"unknown .\n")


def _attempt(service: InvoicingService, reference: int, luck: float) -> str:
    if luck < 0.15:  # refused by the decision, number not taken yet
        service.execute(draft(reference, lines=0, sending=sending()), context())
    if luck < 0.3:  # refused when the number was already chosen
        service.execute(draft(reference, sending=sending()), context(), expected_version=99)
    if luck < 0.6:
        service.execute(draft(reference), context())
        outcome = service.execute(send(reference), context())
    else:
        outcome = service.execute(draft(reference, sending=sending()), context())
    number: str = outcome.state.sent.number
    return number


def main(url: str, number: str, threads: int, log_path: str) -> None:
    stop = Event()
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Ledger(url, max_overflow=threads) as ledger:
        service = InvoicingService(ledger)
        running = [Thread(target=_work, args=(service, ledger, stop, log, f"{number}/{n}")) for n in range(threads)]
        for thread in running:
            thread.start()
        sys.stdin.read()
        stop.set()
        for thread in running:
            thread.join()
    os.close(log)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
