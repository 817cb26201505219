"""One foreground process that owns all others: starts them, starts a dead one again, and stops them in order.

Children run in sessions of their own, so Ctrl-C reaches only the supervisor, which then drains: doors first (no new
commands), followers after them, the database last. If the supervisor itself is killed, the kernel ends its children.

A child that ends with exit code 2 was refused by its own start-up checks: starting it again would not help, so
everything stops with 2. A child that has never lived long enough to be of use ends the whole start after some attempts.
Once it has, it is started again for ever, with growing pauses.
"""

import logging
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from types import FrameType

from deploy.children import spawn
from deploy.errors import OperatorError
from deploy.postgres.embedded import EmbeddedPostgres

STOPPED = 0
FAILED = 1
REFUSED = 2

_log = logging.getLogger(__name__)

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_TURN_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """A process to keep alive. At the stop, lower `drain_order` goes first; equal ones go together."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    drain_order: int
    stop_seconds: float = 35.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before a restart, and when a start has failed."""

    first_pause_seconds: float = 0.2
    longest_pause_seconds: float = 5.0
    steady_after_seconds: float = 5.0
    attempts: int = 10


@dataclass(slots=True)
class _Child:
    spec: ChildSpec
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    deaths_in_a_row: int = 0
    was_steady: bool = False


class Supervisor:
    """`run()` blocks until a signal asks to stop, or until going on makes no sense; it returns the exit code."""

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        database: EmbeddedPostgres | None = None,
        is_ready: Callable[[], bool] = lambda: True,
        on_ready: Callable[[], None] = lambda: None,
        patience: Patience | None = None,
    ) -> None:
        """`database` is started already and is stopped here; `is_ready` is asked every turn until it says yes, once."""
        self._children = [_Child(spec) for spec in sorted(specs, key=lambda spec: spec.drain_order)]
        self._database = database
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._patience = patience or Patience()
        self._database_deaths = 0
        self._asked_to_stop = 0
        self._wake: int = -1

    def run(self) -> int:
        """Call it from the main thread: signals arrive there, and children die with the thread that started them."""
        with self._listening_to_signals():
            try:
                code = self._keep_alive()
            finally:
                self._drain()
        return code

    def pids(self) -> dict[str, int]:
        return {c.spec.name: c.process.pid for c in self._children if c.process is not None}

    def _keep_alive(self) -> int:
        ready = False
        while not self._asked_to_stop:
            self._revive_database()
            for child in self._children:
                code = self._look_after(child)
                if code is not None:
                    return code
            if not ready and self._is_ready():
                ready = True
                self._on_ready()
            self._rest(_TURN_SECONDS)
        return STOPPED

    def _look_after(self, child: _Child) -> int | None:
        """Start what should run and does not; an exit code when the whole must stop because of this child."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                child.process = self._start(child.spec)
                child.started_at = now
            return None
        steady = now - child.started_at >= self._patience.steady_after_seconds
        if not _has_died(child.process):
            child.was_steady |= steady
            if steady:
                child.deaths_in_a_row = 0
            return None
        code = _collect(child.process)
        child.process = None
        return self._judge_death(child, code, now)

    def _judge_death(self, child: _Child, code: int, now: float) -> int | None:
        child.deaths_in_a_row += 1
        if code == REFUSED:
            _log.error("%s refused to start; see its message above", child.spec.name)
            return REFUSED
        if not child.was_steady and child.deaths_in_a_row >= self._patience.attempts:
            _log.error("%s ended %d times before it was of use: giving up", child.spec.name, child.deaths_in_a_row)
            return FAILED
        pause = self._pause(child.deaths_in_a_row)
        _log.warning("%s ended (%s); starting it again in %.1f s", child.spec.name, _how(code), pause)
        child.start_again_at = now + pause
        return None

    def _start(self, spec: ChildSpec) -> subprocess.Popen[bytes]:
        _log.debug("starting %s", spec.name)
        return spawn(spec.argv, environment=spec.environment, death_signal=signal.SIGTERM)

    def _revive_database(self) -> None:
        """Without its database nothing else can live, so it comes first, and no pause is long."""
        while self._database is not None and self._database.pid is None and not self._asked_to_stop:
            self._database_deaths += 1
            _log.warning("PostgreSQL ended; starting it again")
            try:
                self._database.start()
            except OperatorError as error:
                _log.error("%s", error)
                if self._database_deaths >= self._patience.attempts:
                    raise
                self._rest(self._pause(self._database_deaths))
            else:
                self._database_deaths = 0

    def _pause(self, deaths: int) -> float:
        doubled = self._patience.first_pause_seconds * 2.0 ** min(deaths - 1, 16)
        return min(doubled, self._patience.longest_pause_seconds)

    def _drain(self) -> None:
        for _, group in groupby(self._children, key=lambda child: child.spec.drain_order):
            running = [child for child in group if child.process is not None]
            if running:
                _log.info("stopping %s", ", ".join(child.spec.name for child in running))
            for child in running:
                self._ask_to_end(child)
            for child in running:
                self._await_end(child)
        if self._database is not None:
            self._database.stop()

    def _ask_to_end(self, child: _Child) -> None:
        if child.process is not None and not _has_died(child.process):
            child.process.send_signal(signal.SIGTERM)

    def _await_end(self, child: _Child) -> None:
        if child.process is None:
            return
        deadline = time.monotonic() + child.spec.stop_seconds
        # A second signal means: the person does not want to wait any longer.
        while not _has_died(child.process) and time.monotonic() < deadline and self._asked_to_stop < 2:  # noqa: PLR2004
            self._rest(0.05)
        if not _has_died(child.process):
            _log.warning("%s did not end in time: killed", child.spec.name)
        _collect(child.process)
        child.process = None

    def _rest(self, seconds: float) -> None:
        """Sleep until something happens: a signal or the death of a child ends it at once."""
        if select.select([self._wake], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                os.read(self._wake, 4096)

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        self._wake, poke = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        before = {number: signal.signal(number, self._on_stop_signal) for number in _STOP_SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        woken_before = signal.set_wakeup_fd(poke, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake)
            os.close(poke)

    def _on_stop_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop += 1


def _has_died(process: subprocess.Popen[bytes]) -> bool:
    """Look without collecting: until it is collected, the number of the process and its group cannot be reused."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _collect(process: subprocess.Popen[bytes]) -> int:
    """End what is left of the child and of its own children, and return its exit code."""
    if process.returncode is None:
        # Also frees a port that a dead HTTP server's workers still hold.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
