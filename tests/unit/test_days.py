"""A test lives within one day."""

from datetime import UTC, datetime

import pytest

from tests.support.days import seconds_to_wait


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 12, 31, 12, tzinfo=UTC), 0),
        (datetime(2026, 12, 31, 21, 59, 30, tzinfo=UTC), 0),
        (datetime(2026, 12, 31, 21, 59, 48, tzinfo=UTC), 12),
        (datetime(2026, 12, 31, 22, 0, 0, tzinfo=UTC), 0),
        (datetime(2027, 3, 27, 21, 59, 59, tzinfo=UTC), 1),  # the night that is an hour shorter
        (datetime(2027, 3, 28, 20, 59, 59, tzinfo=UTC), 1),
    ],
)
def test_only_the_last_moments_of_a_day_are_waited_for(now: datetime, seconds: float) -> None:
    assert seconds_to_wait(now) == seconds
