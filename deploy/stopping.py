"""Being told to stop by a signal: what projections and workers sleep on."""

import os
import select
import signal
from contextlib import suppress
from threading import Event


class Told(Event):
    """An event that a handler of signals may set, whatever the main thread is at.

    An ordinary event takes its lock when it is set. The handler runs in the main thread: where that was about to wait
    for the same event, and had taken the lock to do so, the handler waits for a lock that nobody gives back any more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_told = False
        self._heard, self._told = os.pipe()
        os.set_blocking(self._told, False)

    def is_set(self) -> bool:
        return self._is_told

    def set(self) -> None:
        self._is_told = True
        with suppress(BlockingIOError):  # full: told often enough
            os.write(self._told, b".")  # which nobody reads: all who wait see it, for good

    def wait(self, timeout: float | None = None) -> bool:
        listening = select.poll()
        listening.register(self._heard, select.POLLIN)
        listening.poll(None if timeout is None else max(timeout, 0) * 1000)
        return self._is_told


def told_to_stop() -> Told:
    """Set when SIGTERM or Ctrl-C asks to stop."""
    stop = Told()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
