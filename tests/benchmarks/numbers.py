"""Gapless numbers: 64 senders on one series, a third of them refused, cut off or killed, until 5,000 are issued."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.benchmarks.harness import Bench, Figure
from tests.support.commands import context, register_organization
from tests.support.senders import issue_numbers, verdict

NUMBERS: Final = 5_000
KILLS: Final = 12


def measure(bench: Bench) -> Iterator[Figure]:
    goal = bench.size(NUMBERS)
    with bench.database() as url, tempfile.TemporaryDirectory(dir=bench.home) as logs:
        with Ledger(url) as ledger:
            InvoicingService(ledger).execute(register_organization(), context())
        damage = issue_numbers(url, goal, Path(logs), processes=4, threads=16, kills=2 if bench.quick else KILLS)
        found = verdict(url)
    faults = found.gaps + found.duplicates + found.out_of_order + found.unpaired
    yield Figure(
        name=f"gaps, duplicates, disorder in {found.issued:,} numbers of 64 senders",
        unit="",
        ours=faults,
        goal="0",
        reached=faults == 0,
        better="less",
        notes={
            "issued": found.issued,
            "gaps": found.gaps,
            "duplicates": found.duplicates,
            "attempts": damage.attempts,
            "refused": damage.refused,
            "connections cut": damage.cuts,
            "processes killed": damage.kills,
        },
    )
