"""Doing a thing again and again until told to stop, whatever happens to it."""

import logging
from collections.abc import Callable
from threading import Event
from typing import Final

EVERY_MINUTE: Final = 60.0
EVERY_SECOND: Final = 1.0
"""For what people wait for; in sandboxes, whose users wind the clock by days, that is everything."""

LONGEST_PAUSE_SECONDS: Final = 300.0

_log = logging.getLogger(__name__)


Pause = Callable[[Event, float], object]
"""Sleeps so many seconds, or less: until the event is set, or until there is something to do."""


def sleep(stop: Event, seconds: float) -> None:
    stop.wait(seconds)


def run_forever(
    once: Callable[[Event], object],
    stop: Event,
    *,
    name: str,
    interval_seconds: float = EVERY_MINUTE,
    pause: Pause = sleep,
) -> None:
    """Call `once(stop)` at intervals of the machine's clock; errors are logged, and lengthen the pause."""
    failures = 0
    while not stop.is_set():
        try:
            once(stop)
            failures = 0
        except Exception:  # noqa: BLE001 - logged; a worker never dies of what it works on
            failures += 1
            _log.exception("%s: pass failed for the %s. time in a row; goes on later", name, failures)
        (pause if failures == 0 else sleep)(stop, pause_after(failures, interval_seconds))


def pause_after(failures: int, interval_seconds: float) -> float:
    return min(interval_seconds * (1 << min(failures, 10)), max(interval_seconds, LONGEST_PAUSE_SECONDS))
