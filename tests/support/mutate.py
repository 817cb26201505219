"""How much of the model its tests hold: small changes are made to it, one at a time, and a test should fail.

`python -m tests.support.mutate [SHARE]` works on a copy under `.mutation/`, prints the share of changes that were
noticed, file by file, and exits 1 when the whole is below SHARE per cent (85 unless told). What is noticed late by a
time limit counts as noticed; what no test reaches does not.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from shutil import copyfile, rmtree
from typing import Final

import typer
from rich import print as show
from rich.table import Table

ROOT: Final = Path(__file__).parents[2]
COPY: Final = ROOT / ".mutation"
NOTICED: Final = frozenset({"killed", "timeout", "segfault", "caught by type check"})


def mutate(share: float = 85.0, processes: int = 2) -> None:
    _copy_tree()
    mutmut = Path(sys.executable).with_name("mutmut")
    with (COPY / "run.log").open("w") as log:
        subprocess.run([mutmut, "run", "--max-children", str(processes)], check=True, cwd=COPY, stdout=log, stderr=log)
    listed = subprocess.run([mutmut, "results", "--all", "true"], cwd=COPY, check=True, capture_output=True, text=True)
    reached = _report(listed.stdout)
    raise SystemExit(0 if reached >= share else 1)


def _copy_tree() -> None:
    rmtree(COPY, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            copyfile(ROOT / name, COPY / name)


def _report(listed: str) -> float:
    made: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for line in listed.splitlines():
        mutant, _, status = line.strip().partition(": ")
        module = mutant.rpartition(".")[0].removeprefix("invoicing_domain.model.")
        if status:
            made[module] += 1
            noticed[module] += status in NOTICED
    table = Table("module", "changes", "noticed", "%")
    for module in sorted(made, key=lambda name: noticed[name] / made[name]):
        table.add_row(module, str(made[module]), str(noticed[module]), f"{100 * noticed[module] / made[module]:.0f}")
    reached = 100 * noticed.total() / made.total()
    table.add_row("all", str(made.total()), str(noticed.total()), f"{reached:.1f}")
    show(table)
    return reached


if __name__ == "__main__":
    typer.run(mutate)
