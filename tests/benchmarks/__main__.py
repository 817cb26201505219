"""Measure, print the table, keep it: `python -m tests.benchmarks [--quick] [--only NAME]...`."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.benchmarks import http, load, numbers, project, record, visible
from tests.benchmarks.harness import Bench, Figure, bench, machine

RESULTS: Final = Path(__file__).with_name("results.json")
README: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- figures -->"
END: Final = "<!-- /figures -->"
HEADINGS: Final = ("what", "ours", "raw", "raw is", "share", "goal", "reached")

# To add one: a module with `measure`, and a line here.
MEASUREMENTS: Final[dict[str, Callable[[Bench], Iterator[Figure]]]] = {
    "record": record.measure,
    "load": load.measure,
    "project": project.measure,
    "visible": visible.measure,
    "http": http.measure,
    "numbers": numbers.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the work, three rounds; results are not kept")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="may be given several times")
    chosen = parser.parse_args()
    console = Console(width=None if os.isatty(1) else 150)
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as scratch,
        bench(Path(scratch), quick=chosen.quick) as b,
    ):
        for name in chosen.only or MEASUREMENTS:
            for figure in MEASUREMENTS[name](b):
                figures.append(figure)
                console.print(f"[dim]{figure.name}: {_number(figure.ours)} {figure.unit}[/]")
    console.print(_table(figures))
    if not chosen.quick and not chosen.only:
        kept = {"machine": machine(), "figures": [asdict(figure) for figure in figures]}
        RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
        _publish(figures)
        console.print(f"kept in {RESULTS.name} and {README.name}")


def _table(figures: list[Figure]) -> Table:
    table = Table(title=f"Izvor on {machine()}; medians", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in {"ours", "raw", "share", "goal"} else "left")
    for figure in figures:
        table.add_row(*cells(figure))
    return table


def _publish(figures: list[Figure]) -> None:
    """Put the table where people read it."""
    lines = [f"On {machine()}:", "", f"| {' | '.join(HEADINGS)} |", "|---|--:|--:|---|--:|--:|---|"]
    lines += [f"| {' | '.join(cells(figure))} |" for figure in figures]
    before, _, rest = README.read_text().partition(BEGIN)
    README.write_text("\n".join([before + BEGIN, *lines, END + rest.partition(END)[2]]))


def cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_number(figure.ours)} {figure.unit}".strip(),
        "" if figure.raw is None else f"{_number(figure.raw)} {figure.unit}",
        figure.raw_name,
        figure.share_in_words,
        figure.goal,
        {True: "yes", False: "NO", None: ""}[figure.reached],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


if __name__ == "__main__":
    main()
