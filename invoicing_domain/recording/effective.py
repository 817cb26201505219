"""When a fact counts in business: the date it states, else the day it was recorded in the organization's calendar."""

from datetime import date

from invoicing_domain.model.dates import local_date
from invoicing_domain.recording.envelope import Recorded


def stated_date(fact: object) -> date | None:
    """The business date that a fact itself gives: value date of money, date of issue of a document."""
    for name in ("issue_date", "date"):
        stated = getattr(fact, name, None)
        if isinstance(stated, date):
            return stated
    return None


def effective_date(recorded: Recorded, time_zone: str) -> date:
    return stated_date(recorded.fact) or local_date(recorded.meta.at, time_zone)
