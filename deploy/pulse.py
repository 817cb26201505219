"""The pulse of a loop: when it last asked whether it is to stop, which every loop does at each turn.

So nobody below has to report anything, and a loop that hangs, in a call that never returns, is found by its silence.
What the loop meets on its way does not matter: one that tries a lost database again and again turns all the while.
"""

import math
import time
from threading import Event
from typing import Final

LONGEST_TURN_SECONDS: Final = 300.0
"""Of a loop that does nothing long: twice what the network takes to give up a machine that does not answer."""


class Pulse(Event):
    """The `stop` of a process as one loop gets it. Sleeping on it is no silence, however long was asked for."""

    def __init__(self, stop: Event, longest_turn_seconds: float = LONGEST_TURN_SECONDS) -> None:
        super().__init__()
        self._stop = stop
        self._longest_turn_seconds = longest_turn_seconds
        self._last_sign = time.monotonic()

    def is_set(self) -> bool:
        self._last_sign = time.monotonic()
        return self._stop.is_set()

    def set(self) -> None:
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        self._last_sign = math.inf if timeout is None else time.monotonic() + timeout
        try:
            return self._stop.wait(timeout)
        finally:
            self._last_sign = time.monotonic()

    @property
    def silent_seconds(self) -> float:
        return max(time.monotonic() - self._last_sign, 0.0)

    @property
    def trouble(self) -> str | None:
        silent = self.silent_seconds
        return f"has stood still for {silent:.0f} s" if silent > self._longest_turn_seconds else None
