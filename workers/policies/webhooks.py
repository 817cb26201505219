"""Webhooks by the calendar: when to try again, how long an endpoint may fail, what an answer means."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After each attempt but the last: the schedule of Standard Webhooks, three days in all."""

ATTEMPTS: Final = len(PAUSES) + 1
LONGEST_WISH: Final = timedelta(hours=24)
"""So long a receiver may ask to be left alone, and no longer."""

FAILING_AT_MOST: Final = timedelta(days=5)
"""An endpoint that accepted nothing for so long is disabled."""

APART: Final = timedelta(days=2)
"""Failures further apart than any pause between attempts are not one trouble that goes on."""

_SPREAD: Final = 0.2


def pause_after(attempt: int, chance: float, asked: timedelta | None = None) -> timedelta:
    """The pause after an attempt, a tenth more or less by `chance` in [0, 1), or as long as the receiver asked for."""
    pause = PAUSES[min(attempt, len(PAUSES)) - 1] * (1 + _SPREAD * (chance - 0.5))
    return pause if asked is None else max(pause, min(asked, LONGEST_WISH))


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """What the header Retry-After asks for: seconds, or an instant; None when it is neither."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_WISH.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return None if until.tzinfo is None else max(until - now, timedelta(0))


def is_given_up(failing_since: datetime, now: datetime) -> bool:
    return now - failing_since >= FAILING_AT_MOST
