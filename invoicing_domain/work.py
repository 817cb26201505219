"""Work: what one command loads and what it records, stream by stream."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Category, Change, Loaded

S = TypeVar("S")

Turnstile = Callable[[str], AbstractContextManager[object]]


class Streams(Protocol):
    """Where streams come from: the ledger, or what a test keeps in memory."""

    def load(self, category: Category[S], stream_id: str) -> Loaded[S]: ...


class Work:
    """The streams a command touches, each as it will be once its facts are recorded."""

    def __init__(self, streams: Streams, turnstile: Turnstile, exits: ExitStack, *, doubting: bool = False) -> None:
        self._source = streams
        self._turnstile = turnstile
        self._exits = exits
        self._doubting = doubting
        self._streams: dict[str, Loaded[Any]] = {}
        self.changes: list[Change] = []
        self.found: StreamId | None = None
        self.pass_on: Callable[[], None] | None = None
        """Gives the turn to who waits for it, when there is one; to be called once others can see what was recorded."""

    def load(self, category: Category[S], stream_id: str) -> S | None:
        """The state of a stream; loaded once, then as evolved by what was recorded here."""
        if stream_id not in self._streams:
            self._streams[stream_id] = self._source.load(category, stream_id)
        state: S | None = self._streams[stream_id].state
        return state

    def load_in_turn(self, category: Category[S], stream_id: str) -> S | None:
        """Load a stream that many commands want at once: one after the other, until what they record can be seen."""
        self._exits.enter_context(self._turnstile(stream_id))
        self.pass_on = self._exits.close
        return self.load(category, stream_id)

    def begin(self, category: Category[S], stream_id: str) -> None:
        """A stream that cannot exist yet, because its reference was given out a moment ago: nothing to load.

        Unless somebody was in the way: then it is looked whether it does. Raises Refusal.
        """
        if not self._doubting:
            self._streams.setdefault(stream_id, Loaded(None, 0))
        elif self.load(category, stream_id) is not None:
            raise Refusal("reference_in_use", f"there is a {category.name.replace('_', ' ')} of this reference already")

    def record(self, category: Category[S], stream_id: str, facts: Sequence[object]) -> S | None:
        """Take down facts about a loaded stream; returns its new state."""
        loaded = self._streams[stream_id]
        if facts:
            self.changes.append(Change(stream_id, loaded.version, facts))
            state: S | None = loaded.state
            for fact in facts:
                state = category.evolve(state, fact)
            self._streams[stream_id] = replace(loaded, state=state, version=loaded.version + len(facts))
        return self._streams[stream_id].state

    def answer_with(self, stream_id: StreamId) -> None:
        """What was asked for exists already, and is this: the command records nothing and is answered with it."""
        self.found = stream_id

    @property
    def streams(self) -> dict[str, Loaded[Any]]:
        return self._streams

    def version_before(self, stream_id: str) -> int:
        """The version of a stream before this command."""
        for change in self.changes:
            if change.stream_id == stream_id:
                return change.version
        return self._streams[stream_id].version if stream_id in self._streams else 0
