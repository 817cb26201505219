"""Tests as sentences over facts: given what happened, when something is asked, then facts, nothing, or a refusal.

    given(on(INVOICE, drafted(), added(LINE))).when(DiscardDraft(invoice_id=INVOICE)).then(on(INVOICE, Discarded()))

Whole commands run through the product's own table of handlers, over streams kept in memory.
"""

from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from invoicing_domain.handlers.table import HANDLERS
from invoicing_domain.model.context import Context
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Category, Loaded
from invoicing_domain.work import Work
from tests.support.facts import asked
from tests.support.refusals import hear

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Happened:
    """Facts of one stream, in order."""

    stream_id: str
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The refusal expected: its code and, as far as given, what explains it."""

    code: str
    facts: dict[str, object]


def on(stream_id: str, *facts: object) -> Happened:
    return Happened(stream_id, facts)


def refused(code: str, **facts: object) -> Refused:
    return Refused(code, facts)


def given(*history: Happened) -> "Given":
    return Given(Memory(history))


class Memory:
    """Streams as lists of facts; loads like the ledger and runs commands to their end.

    `live` holds the states as the commands left them, for comparison with what a replay yields.
    """

    def __init__(self, history: Iterable[Happened] = ()) -> None:
        self.streams: dict[str, list[object]] = {}
        self.live: dict[str, object] = {}
        self._take_down(history)

    def load(self, category: Category[S], stream_id: str) -> Loaded[S]:
        facts = self.streams.get(stream_id, [])
        state: S | None = None
        for fact in facts[-1:] if category.last_fact_is_state else facts:
            state = category.evolve(state, fact)
        return Loaded(state, len(facts))

    def run(self, command: object, context: Context) -> tuple[Happened, ...]:
        """Decide a command and keep its facts; raises Refusal, and then nothing is kept."""
        with ExitStack() as exits:
            work = Work(self, lambda _: nullcontext(), exits)
            HANDLERS[type(command)].handle(command, context, work)
        news = [Happened(change.stream_id, tuple(change.facts)) for change in work.changes]
        self._take_down(news)
        for stream_id, loaded in work.streams.items():
            if loaded.version != len(self.streams.get(stream_id, [])):
                raise AssertionError(f"stream {stream_id} was taken for version {loaded.version}")
            self.live[stream_id] = loaded.state
        return tuple(news)

    def _take_down(self, history: Iterable[Happened]) -> None:
        for one in history:
            self.streams.setdefault(one.stream_id, []).extend(one.facts)


@dataclass(frozen=True, slots=True)
class Given:
    memory: Memory

    def when(self, command: object, context: Context | None = None) -> "When":
        return When(self.memory, command, context or asked())


@dataclass(frozen=True, slots=True)
class When:
    memory: Memory
    command: object
    context: Context

    def then(self, *expected: Happened | Refused) -> None:
        """Exactly these facts, stream by stream; without arguments: nothing at all."""
        if len(expected) == 1 and isinstance(expected[0], Refused):
            self._is_refused(expected[0])
            return
        wanted = [one for one in expected if isinstance(one, Happened)]
        assert _by_stream(self.memory.run(self.command, self.context)) == _by_stream(wanted)

    def _is_refused(self, expected: Refused) -> None:
        with pytest.raises(Refusal) as caught:
            self.memory.run(self.command, self.context)
        refusal = caught.value
        assert refusal.code == expected.code, refusal.message
        assert {name: refusal.facts.get(name) for name in expected.facts} == expected.facts
        hear(refusal)


def _by_stream(happened: Iterable[Happened]) -> dict[str, list[Any]]:
    merged: dict[str, list[Any]] = {}
    for one in happened:
        merged.setdefault(one.stream_id, []).extend(one.facts)
    return merged
