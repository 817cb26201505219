"""One day for each test: what it calls today when it begins is today until it ends."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from invoicing_domain.clock import SystemClock
from invoicing_domain.model.dates import local_date

ZONE: Final = "Europe/Bucharest"
"""Where companies of tests have their midnight."""

ENOUGH: Final = timedelta(seconds=30)
"""For any one test that asks for today."""


def today() -> date:
    return local_date(SystemClock().now(), ZONE)


def seconds_to_wait(now: datetime) -> float:
    """Until a test may begin: nothing, but for the last moments of a day."""
    tomorrow = local_date(now, ZONE) + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), ZoneInfo(ZONE)).astimezone(UTC) - now
    return left.total_seconds() if left < ENOUGH else 0.0
