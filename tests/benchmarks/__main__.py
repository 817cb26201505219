"""Measure, print the table, publish it: `python -m tests.benchmarks [--quick] [--only NAME]... [--kept DIR]`."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.benchmarks import http, load, numbers, paper, project, record, relay, scale, visible
from tests.benchmarks.harness import Bench, Figure, bench, machine

HERE: Final = Path(__file__).parent
README: Final = HERE / "README.md"
ALL: Final = "results"
SCALE: Final = "scale"
"""Tables in the README, and files beside it."""

USUAL_INVOICES: Final = 20_000
HEADINGS: Final = ("what", "ours", "raw", "raw is", "share", "goal", "reached")

# To add one: a module with `measure`, and a line here.
MEASUREMENTS: Final[dict[str, Callable[[Bench], Iterator[Figure]]]] = {
    "record": record.measure,
    "load": load.measure,
    "project": project.measure,
    "visible": visible.measure,
    "http": http.measure,
    "numbers": numbers.measure,
    "relay": relay.measure,
    "paper": paper.measure,
    SCALE: scale.measure,
}


def main() -> None:
    chosen = _options()
    console = Console(width=None if os.isatty(1) else 150)
    figures: list[Figure] = []
    with _home(chosen.kept) as home, bench(home, quick=chosen.quick, invoices=chosen.invoices) as b:
        for name in [SCALE] if chosen.kept else chosen.only or MEASUREMENTS:
            for figure in MEASUREMENTS[name](b):
                figures.append(figure)
                console.print(f"[dim]{figure.name}: {_number(figure.ours)} {figure.unit}[/]")
    console.print(_table(figures))
    if not chosen.quick and not chosen.only:
        _publish(figures, SCALE if chosen.kept else ALL)
        console.print(f"published in {README.name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the work, three rounds; results are not kept")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="may be given several times")
    parser.add_argument("--invoices", type=int, default=USUAL_INVOICES, help="size of the long history")
    parser.add_argument(
        "--kept",
        type=Path,
        metavar="DIR",
        help="the long history alone, made once in this folder and found there again",
    )
    return parser.parse_args()


@contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as scratch:
        yield Path(scratch)


def _table(figures: list[Figure]) -> Table:
    table = Table(title=f"Izvor on {machine()}; medians", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in {"ours", "raw", "share", "goal"} else "left")
    for figure in figures:
        table.add_row(*cells(figure))
    return table


def _publish(figures: list[Figure], table: str) -> None:
    """Put the table where people read it, and the figures where programs do."""
    kept = {"machine": machine(), "figures": [asdict(figure) for figure in figures]}
    (HERE / f"{table}.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    lines = [f"On {machine()}:", "", f"| {' | '.join(HEADINGS)} |", "|---|--:|--:|---|--:|--:|---|"]
    lines += [f"| {' | '.join(cells(figure))} |" for figure in figures]
    begin, end = f"<!-- {table} -->", f"<!-- /{table} -->"
    before, _, rest = README.read_text().partition(begin)
    README.write_text("\n".join([before + begin, *lines, end + rest.partition(end)[2]]))


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
