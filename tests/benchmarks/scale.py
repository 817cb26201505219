"""A company with a long history: how long it takes to make, and how fast its lists, searches and reports are.

Over HTTP, one question after the other, against an API with the role of production (row-level security on). Raw: the
SQL of such a list page alone, all of its statements, with the same role on a connection of the same kind. Tails are
95th percentiles over all orders that a list may have. What is asked lies in memory, as on a server that has run for a
day; behind a start the disk would be measured.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from random import Random
from typing import Final

import psycopg

from invoicing_domain.clock import SystemClock
from invoicing_domain.model.dates import local_date
from projections.invoice_list.query import SORTS
from projections.keyset import parse_sort, to_cursor
from tests.benchmarks import cases
from tests.benchmarks.asking import PAGE, Asker, asker, p95
from tests.benchmarks.cases import Draw, History, history_of
from tests.benchmarks.harness import Bench, Figure
from tests.benchmarks.http import server
from tests.benchmarks.made import Company, company

ROUNDS: Final = 8
"""How often each question is asked, with other values each time."""

LIST_MS: Final = 25.0
SEARCH_MS: Final = 50.0
AGING_MS: Final = 1_000.0
AGING_OF_ONE_MS: Final = 30.0
OF_BARE_SQL: Final = 2.0
GROWTH: Final = 1.5
ROWS_BEFORE: Final = 250_000
"""What 10,000 pages hold; in a smaller history the last tenth begins where its rows do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A company, somebody who asks, and what there is to ask about."""

    asker: Asker
    known: History
    chance: Random
    invoices: int


def measure(bench: Bench) -> Iterator[Figure]:
    small, large = company(bench, bench.invoices // 10), company(bench, bench.invoices)
    size = f"{large.making.invoices:,} invoices"
    yield _seconds(f"{size}: {large.making.facts:,} facts decided and recorded", large.making.recorded_seconds)
    yield _seconds(f"{size}: all read models rebuilt", large.making.rebuilt_seconds)
    with asked(large) as at_large:
        for name, draw in cases.FILTERS.items():
            yield _listed(at_large, name, draw)
        yield _deep(at_large)
        with asked(small) as at_small:
            yield _grown(f"list page, {size} against a tenth", _usual_pages(at_small), _usual_pages(at_large))
        for name, draw in cases.SEARCHES.items():
            yield _within(f"search: {name}", _times(at_large, "/search/invoices", draw, ROUNDS * 5), SEARCH_MS)
        for name, draw, goal in _REPORTS:
            yield _within(name, _times(at_large, "/reports/aging", draw, ROUNDS * 2), goal)


_REPORTS: Final = (
    ("aging as of a past day, everybody", cases.aging_of_all, AGING_MS),
    ("aging as of a past day, as known two weeks later", cases.aging_as_known, AGING_MS),
    ("aging as of a past day, one customer", cases.aging_of_one, AGING_OF_ONE_MS),
)


_ASKED_MODELS: Final = r"(invoice_list|invoice_search|invoice_word|customer_list|receivable_[a-z]+)"
_INTO_MEMORY: Final = """
SELECT count(public.pg_prewarm(part.oid)) FROM pg_class whole LEFT JOIN pg_index ON indrelid = whole.oid
JOIN pg_class part ON part.oid IN (whole.oid, indexrelid)
WHERE whole.relnamespace = 'read'::regnamespace AND whole.relname ~ %s
"""


@contextmanager
def asked(of: Company) -> Iterator[Asked]:
    with psycopg.connect(of.url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm SCHEMA public")
        connection.execute(_INTO_MEMORY, (f"^{_ASKED_MODELS}$",))
        known = history_of(connection)
    today = local_date(SystemClock().now(), "Europe/Bucharest")
    with (
        server("izvor", of.url) as port,
        asker(of.url, port, of.token, of.organization_id, today) as one,
    ):
        at = Asked(one, known, Random(7), of.making.invoices)  # noqa: S311 - chance, not a secret
        _usual_pages(at)  # nobody's first questions to a server that has just started are what is measured
        yield at


def _listed(at: Asked, name: str, draw: Draw) -> Figure:
    """One filter, every order: the API and its SQL turn by turn, each with values that nobody has just asked for.

    Some filters have no values: who asks first for a page finds it where the disk is, the other in memory. Both are
    first as often as not.
    """
    ours: dict[str, list[float]] = {sort: [] for sort in cases.ORDERS}
    raw: dict[str, list[float]] = {sort: [] for sort in cases.ORDERS}

    def ask_api(sort: str) -> None:
        query = {**draw(at.chance, at.known), "sort": sort}
        ours[sort].append(at.asker.milliseconds("/invoices", query))

    def ask_database(sort: str) -> None:
        raw[sort].append(at.asker.bare_milliseconds(draw(at.chance, at.known), sort))

    for turn, sort in enumerate(chain.from_iterable(repeat(cases.ORDERS, ROUNDS))):
        first, second = (ask_api, ask_database) if turn % 2 else (ask_database, ask_api)
        first(sort)
        second(sort)
    slowest = max(ours, key=lambda sort: statistics.median(ours[sort]))
    all_ours, all_raw = p95([*chain(*ours.values())]), p95([*chain(*raw.values())])
    return Figure(
        name=f"list: {name} (slowest by {slowest}: {statistics.median(ours[slowest]):.3g} ms)",
        unit="ms",
        ours=all_ours,
        raw=all_raw,
        raw_name="its SQL alone",
        share=all_ours / all_raw,
        goal=f"< {LIST_MS:g} ms, <= {OF_BARE_SQL:g}x",
        reached=all_ours < LIST_MS and all_ours <= OF_BARE_SQL * all_raw,
        better="less",
    )


def _times(at: Asked, path: str, draw: Draw, rounds: int) -> list[float]:
    return [at.asker.milliseconds(path, draw(at.chance, at.known)) for _ in range(rounds)]


def _usual_pages(at: Asked) -> list[float]:
    """First pages in every order, unfiltered and of what is overdue."""
    return [
        at.asker.milliseconds("/invoices", {**query, "sort": sort})
        for _ in range(ROUNDS)
        for sort in cases.ORDERS
        for query in ({}, {"status": "overdue"})
    ]


def _deep(at: Asked) -> Figure:
    """Page 10,000 against page 1, in every order."""
    first, deep = [], []
    cursors = {sort: _cursor(at, sort) for sort in cases.ORDERS}
    for _ in range(ROUNDS):
        for sort, cursor in cursors.items():
            first.append(at.asker.milliseconds("/invoices", {"sort": sort}))
            deep.append(at.asker.milliseconds("/invoices", {"sort": sort, "after": cursor}))
    number = _rows_before(at) // PAGE
    return _grown(f"list page {number:,} against page 1", first, deep)


def _rows_before(at: Asked) -> int:
    return min(ROWS_BEFORE, at.invoices * 9 // 10)


def _cursor(at: Asked, sort: str) -> str:
    """The cursor behind the rows of all pages before."""
    order = parse_sort(sort, SORTS, last="reference")
    row = at.asker.nth(order, _rows_before(at))
    return to_cursor(order, row)


def _seconds(name: str, ours: float) -> Figure:
    return Figure(name=name, unit="s", ours=ours, better="less")


def _within(name: str, samples: list[float], goal_ms: float) -> Figure:
    tail = p95(samples)
    notes = {"median": statistics.median(samples), "max": max(samples)}
    return Figure(
        name=f"{name}, p95",
        unit="ms",
        ours=tail,
        goal=f"< {goal_ms:g} ms",
        reached=tail < goal_ms,
        better="less",
        notes=notes,
    )


def _grown(name: str, before: list[float], after: list[float]) -> Figure:
    ours, raw = statistics.median(after), statistics.median(before)
    return Figure(
        name=name,
        unit="ms",
        ours=ours,
        raw=raw,
        raw_name="the other one",
        share=ours / raw,
        goal=f"< {GROWTH:g}x",
        reached=ours < GROWTH * raw,
        better="less",
    )
