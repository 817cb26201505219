"""How long to wait before the next attempt: longer each time, and not all at the same moment."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=2)
MAX_ATTEMPTS: Final = 200
"""With pauses of an hour on average at the end, more than a week: longer than any outage that is nobody's concern."""

MAX_AGE: Final = timedelta(days=10)
"""A letter that could not be sent for so long is no longer sent without a person."""

_DOUBLINGS: Final = 10  # enough to reach LONGEST; more would only make huge numbers


def pause_before(attempt: int, chance: float) -> timedelta:
    """The pause after `attempt` failed ones; `chance` in [0, 1) spreads it over the whole range (full jitter).

    At least a second, so that an attempt is never repeated within the same breath.
    """
    ceiling = min(FIRST * (1 << min(attempt, _DOUBLINGS)), LONGEST)
    return max(ceiling * chance, timedelta(seconds=1))
