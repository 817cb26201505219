"""What every measurement shares: a server, rounds that interleave the rivals, medians and ratios.

Machines are noisy and differ; a ratio against a raw measurement taken in the same rounds means something everywhere.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Final, Literal

from deploy.postgres.embedded import EmbeddedPostgres
from tests.support.databases import fresh_database, lasting_database, make_template

Better = Literal["more", "less"]

FULL_ROUNDS: Final = 9
QUICK_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what we reach, what the raw way reaches, and what we have promised.

    `share` is ours as a share of raw where more is better, and ours as a multiple of raw where less is better.
    """

    name: str
    unit: str
    ours: float
    raw: float | None = None
    raw_name: str = ""
    share: float | None = None
    goal: str = ""
    reached: bool | None = None
    better: Better = "more"
    notes: Mapping[str, float] | None = None

    @property
    def share_in_words(self) -> str:
        if self.share is None:
            return ""
        return f"{self.share:.0%}" if self.better == "more" else f"{self.share:.2f}x"


@dataclass(frozen=True, slots=True)
class Bench:
    """The bench that measurements are put on: a server with the product's durability settings."""

    server: EmbeddedPostgres
    quick: bool
    home: Path
    invoices: int
    """How many the largest history has."""

    @property
    def rounds(self) -> int:
        return QUICK_ROUNDS if self.quick else FULL_ROUNDS

    def size(self, full: int) -> int:
        """How much of something to do in one round."""
        return max(full // 5, 20) if self.quick else full

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a migrated database of its own."""
        with fresh_database(self.server) as url:
            yield url

    def lasting_database(self, name: str) -> str:
        """The URL of a database that stays, migrated when it was made."""
        return lasting_database(self.server, name)


@contextmanager
def bench(home: Path, *, quick: bool, invoices: int) -> Iterator[Bench]:
    """Everything lies in the folder `home`, and is found there again by the next bench."""
    buffers = {"shared_buffers": f"{_memory_bytes() // 4 // 2**20}MB"}  # as the manual of PostgreSQL advises
    with EmbeddedPostgres(home / "postgres", settings=buffers) as server:
        make_template(server)
        yield Bench(server, quick, home, invoices)


def interleaved(rounds: int, rivals: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Let the rivals run one after the other, round by round, starting with another one each time."""
    names = list(rivals)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        rivals[name]()  # warm caches, connections and plans; not counted
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            samples[name].append(rivals[name]())
    return samples


def compared(
    name: str,
    samples: Mapping[str, Sequence[float]],
    *,
    unit: str,
    raw_name: str,
    better: Better = "more",
    goal: float | None = None,
    notes: Mapping[str, float] | None = None,
) -> Figure:
    """The figure of rivals named `ours` and `raw`: medians, and the median of the ratios round by round."""
    share = statistics.median(ours / raw for ours, raw in zip(samples["ours"], samples["raw"], strict=True))
    reached = None if goal is None else (share >= goal if better == "more" else share <= goal)
    return Figure(
        name=name,
        unit=unit,
        ours=statistics.median(samples["ours"]),
        raw=statistics.median(samples["raw"]),
        raw_name=raw_name,
        share=share,
        goal="" if goal is None else (f">= {goal:.0%}" if better == "more" else f"<= {goal:g}x"),
        reached=reached,
        better=better,
        notes=notes,
    )


def per_second(clients: int, work: Sequence[Callable[[], object]]) -> float:
    """How many pieces of work a second `clients` threads get done, the pieces dealt out evenly beforehand."""
    start = Barrier(clients + 1)

    def client(number: int) -> None:
        mine = work[number::clients]
        start.wait()
        for piece in mine:
            piece()

    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(client, number) for number in range(clients)]
        start.wait()
        began = time.perf_counter()
        for one in running:
            one.result()
        return len(work) / (time.perf_counter() - began)


def machine() -> str:
    """The machine in the two words that matter for a reader: cores and memory."""
    return f"{os.cpu_count()} cores, {_memory_bytes() / 2**30:.0f} GiB of memory"


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
