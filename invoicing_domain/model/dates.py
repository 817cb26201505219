"""Functions of given dates: due dates, days overdue, the day in a calendar."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONGEST_TERMS_DAYS: Final = 3650


def local_date(at: datetime, time_zone: str) -> date:
    """The calendar day at the instant `at` in a time zone of the IANA database."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def due_after(issued: date, days: int) -> date:
    """Payment terms count calendar days from the day after issue."""
    return issued + timedelta(days=days)


def terms_fit(days: int) -> bool:
    """Whether `days` are payment terms: no invoice is due before its issue, or in another age."""
    return 0 <= days <= LONGEST_TERMS_DAYS


def days_overdue(due: date, today: date) -> int:
    """Days after the due date; due today is not overdue (0)."""
    return max((today - due).days, 0)
