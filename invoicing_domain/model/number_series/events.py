"""What happened to a number series. Each fact carries the whole series, so that the last one is its state."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

DocumentKind = Literal["invoice", "credit_note", "proforma"]

WIDTH: Final = 6
"""Digits of a number after its prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An unbroken run of numbers for one kind of document (OMFP 2634/2015 annex 1 pt. 24).

    `decision` names the internal decision that assigned it; only documents dated from `valid_from` to `valid_to` get a
    number of it.
    """

    document: DocumentKind
    prefix: str
    first: int = 1
    width: int = WIDTH
    decision: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOpened:
    series: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAllocated:
    """A number was given to a document, in the same transaction as the fact that uses it."""

    series: Series
    value: int
    number: str
    document_id: str
    issue_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesClosed:
    """No number will follow; what was given stands."""

    series: Series
    next_value: int
    last_issue_date: date | None
    date: date
    reason: str


NumberSeriesFact = SeriesOpened | NumberAllocated | SeriesClosed
