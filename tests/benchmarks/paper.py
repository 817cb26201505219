"""From the state of an invoice of 20 lines to its PDF, each of its own words, fonts and templates read before."""

import statistics
import time
from collections.abc import Iterator
from typing import Final

from invoicing_domain.paper.press import Press
from invoicing_domain.paper.sheets import invoice_sheet
from tests.benchmarks.harness import Bench, Figure
from tests.support.facts import NOW, TODAY
from tests.support.papers import SELLER, a_line, sent

LINES: Final = 20
PAPERS: Final = 200
GOAL_MS: Final = 60.0


def measure(bench: Bench) -> Iterator[Figure]:
    press = Press()
    _milliseconds(press, 0)
    took = [_milliseconds(press, number) for number in range(1, bench.size(PAPERS) + 1)]
    median = statistics.median(took)
    yield Figure(
        name=f"PDF of an invoice of {LINES} lines, warm",
        unit="ms",
        ours=median,
        goal=f"< {GOAL_MS:.0f} ms",
        reached=median < GOAL_MS,
        better="less",
        notes={"p95": statistics.quantiles(took, n=20)[-1], "max": max(took)},
    )


def _milliseconds(press: Press, number: int) -> float:
    lines = [a_line(f"Lucrarea {number}-{line}", str(line), f"{number}.25") for line in range(1, LINES + 1)]
    invoice = sent(*lines, notes=f"Contract {number}")
    began = time.perf_counter()
    press.pdf(invoice_sheet(invoice, SELLER, TODAY), NOW)
    return (time.perf_counter() - began) * 1000
