"""InvoicingService: the one way in which anything is recorded."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

from invoicing_domain.handlers.table import HANDLERS
from invoicing_domain.model.context import Context
from invoicing_domain.model.erasure import parted_state
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.append import Kept, StoredAnswer
from invoicing_domain.recording.application import Ledger, Loaded
from invoicing_domain.recording.recorder import Conflict
from invoicing_domain.work import Work

ATTEMPTS: Final = 40
"""How often a command is decided anew when another one changed its streams meanwhile."""

LONGEST_PAUSE_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command led to: its streams as they are now, and where its last fact stands in the feed.

    As long as nobody knows where the facts will stand, the position of a stream that they changed is negative, counted
    back from the last fact: -1 is the last one itself.
    """

    stream_id: str
    streams: Mapping[str, Loaded[Any]]
    position: int
    answer: StoredAnswer | None = None
    replayed: bool = False
    existed: bool = False
    """What was asked for was there already: `stream_id` is the one that was found."""

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else self.streams[self.stream_id].version

    @property
    def state(self) -> Any:
        """State of the stream that the command was addressed to."""
        return self.streams[self.stream_id].state

    def of(self, stream_id: str) -> tuple[Any, int, int]:
        """State, version and position of any stream that the command touched."""
        loaded = self.streams[stream_id]
        return loaded.state, loaded.version, loaded.position


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """An Idempotency-Key with the fingerprint of its request, and how to word the answer (status, body)."""

    key: str
    fingerprint: bytes
    render: Callable[[Outcome], tuple[int, bytes]]


class InvoicingService:
    """Decides and records commands; safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._turns: defaultdict[str, Lock] = defaultdict(Lock)

    def execute(
        self,
        command: object,
        context: Context,
        *,
        key: ClientKey | None = None,
        expected_version: int | None = None,
        about: str | None = None,
    ) -> Outcome:
        """Decide a command and record its facts, all or none.

        `expected_version`, and the version and state of the outcome, belong to the stream that the command is addressed
        to, or to `about` when the caller means another one that the command touches.
        With a `key`, a request that was answered before gets the same answer and records nothing (whoever expects that
        asks `answered` first, which costs less). Raises Refusal (also `idempotency_key_reused` and `version_conflict`),
        and StoreUnavailable when the outcome could not be learned.
        """
        handler = HANDLERS[type(command)]
        stream_id: str = about or getattr(command, handler.addressed)
        for attempt in range(ATTEMPTS):
            try:
                with ExitStack() as exits:
                    work = Work(self._ledger, self._turn, exits, doubting=attempt > 0)
                    with _versions_first(work, stream_id, expected_version):
                        handler.handle(command, context, work)
                    addressed = work.found if work.found is not None and about is None else stream_id
                    _check_version(work.version_before(addressed), expected_version)
                    return self._record(work, context, addressed, key)
            except (Conflict, Refusal) as no:
                # The same request may have been recorded meanwhile: then what is in the way is our own doing.
                if key is not None and (known := self.answered(key, context, stream_id)) is not None:
                    return known
                if isinstance(no, Refusal):
                    raise
            pause = min(0.002 * (attempt + 1), LONGEST_PAUSE_SECONDS)
            time.sleep(pause * random.random())  # noqa: S311 - jitter, not a secret
        raise Refusal("contended", "too many others are changing the same document; try again")

    def preview(self, command: object, context: Context) -> Outcome:
        """What a command would lead to; nothing is recorded. Raises Refusal."""
        handler = HANDLERS[type(command)]
        stream_id: str = getattr(command, handler.addressed)
        with ExitStack() as exits:
            work = Work(self._ledger, lambda _: nullcontext(), exits)
            handler.handle(command, context, work)
            return Outcome(stream_id=stream_id, streams=_with_positions(work), position=0)

    def _record(self, work: Work, context: Context, stream_id: str, key: ClientKey | None) -> Outcome:
        before = work.streams[stream_id].position
        existed = work.found is not None
        outcome = Outcome(stream_id=stream_id, streams=_with_positions(work), position=before, existed=existed)
        answer = None if key is None else _answer(key, outcome)
        if work.changes:
            position = self._ledger.append(work.changes, context, answer, work.pass_on)
            return replace(outcome, position=position, answer=answer)
        if key is not None and answer is not None:
            self._ledger.append((), context, answer)
            stored = self.answered(key, context, stream_id) or outcome
            return replace(stored, streams=outcome.streams, replayed=False)
        self._ledger.recorder.flush()  # what was met instead of recorded may be a moment away from the disk
        return outcome

    def answered(self, key: ClientKey, context: Context, stream_id: str = "") -> Outcome | None:
        """The answer that a client's key got before, if any; refuses the key for a different request."""
        answer = self._ledger.find_answer(context.organization_id, key.key)
        if answer is None:
            return None
        if answer.fingerprint != self._ledger.vault.blinded(key.fingerprint):
            raise Refusal(
                "idempotency_key_reused",
                "this Idempotency-Key was used for a different request; use a new key for a new request",
                key=key.key,
            )
        answer = replace(answer, fingerprint=key.fingerprint)
        stream_id = stream_id or answer.stream_id
        return Outcome(stream_id=stream_id, streams={}, position=answer.position, answer=answer, replayed=True)

    def remember(self, key: ClientKey, context: Context, choose: Callable[[], bytes]) -> bytes:
        """What was chosen under a client's key: now, or by an earlier request of the same content."""
        known = self.answered(key, context)
        if known is None:
            chosen = StoredAnswer(
                key=key.key,
                fingerprint=key.fingerprint,
                status=200,
                body=choose(),
                stream_id=context.organization_id,
                version=0,
            )
            try:
                self._ledger.append((), context, chosen)
            except Conflict:  # the same request at the same moment
                known = self.answered(key, context)
                if known is None:
                    raise
            else:
                return chosen.body
        return known.answer.body if known.answer else b""

    def _turn(self, stream_id: str) -> AbstractContextManager[object]:
        return self._turns[stream_id]


def _with_positions(work: Work) -> dict[str, Loaded[Any]]:
    """The streams of a command, those that it changes with their positions counted back from its last fact."""
    streams = dict(work.streams)
    behind = 1
    for change in reversed(work.changes):
        if streams[change.stream_id].position >= 0:
            streams[change.stream_id] = replace(streams[change.stream_id], position=-behind)
        behind += len(change.facts)
    return streams


def _answer(key: ClientKey, outcome: Outcome) -> StoredAnswer:
    status, body = key.render(outcome)
    return StoredAnswer(
        key=key.key,
        fingerprint=key.fingerprint,
        status=status,
        body=body,
        stream_id=outcome.stream_id,
        version=outcome.version,
        kept=_kept(key, outcome, body),
    )


def _kept(key: ClientKey, outcome: Outcome, body: bytes) -> Kept | None:
    """The answer worded once more, from states without what is personal in them; None when it says the same."""
    parts = {
        stream_id: its
        for stream_id, loaded in outcome.streams.items()
        if (its := parted_state(loaded.state, stream_id)) is not None
    }
    if not parts:
        return None
    streams = {
        stream_id: replace(loaded, state=parts[stream_id].kept) if stream_id in parts else loaded
        for stream_id, loaded in outcome.streams.items()
    }
    kept = key.render(replace(outcome, streams=streams))[1]
    customers = sorted({its.customer_id for its in parts.values()})
    return None if kept == body else Kept(tuple(customers), kept)


@contextmanager
def _versions_first(work: Work, stream_id: str, expected: int | None) -> Iterator[None]:
    """Who has not seen the version that a refusal speaks of is told of the version."""
    try:
        yield
    except Refusal:
        if stream_id in work.streams:
            _check_version(work.version_before(stream_id), expected)
        raise


def _check_version(actual: int, expected: int | None) -> None:
    if expected is not None and actual != expected:
        raise Refusal(
            "version_conflict",
            f"the document is at version {actual}, not {expected}; read it again",
            version=actual,
            expected=expected,
        )
