"""How long the law wants documents kept, and on which ground they outlive a wish to be forgotten. Romania."""

from datetime import date
from typing import Final

YEARS: Final = 5
GROUND: Final = "GDPR art. 17(3)(b); Legea contabilității 82/1991 art. 25"


def kept_until(issued: date) -> date:
    """Five years from 1 July of the year after the one that a document belongs to."""
    return date(issued.year + 1 + YEARS, 7, 1)
