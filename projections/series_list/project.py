"""From facts to rows of the series list."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Final

from invoicing_domain.model.number_series.events import NumberAllocated, SeriesClosed, SeriesOpened
from projections.readmodel import Event, Keyed, ReadModel, Row


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    series_id: str
    organization_id: str
    document: str
    prefix: str
    decision: str
    valid_from: date | None
    valid_to: date | None
    closed_on: date | None
    first_value: int
    last_value: int | None
    last_number: str | None
    last_issue_date: date | None
    issued: int
    updated_at: datetime
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)


def fold(entry: Entry | None, event: Event) -> Entry:
    fact = event.fact
    if entry is None:
        entry = Entry(
            series_id=event.stream_id,
            organization_id=event.organization_id,
            document=fact.series.document,
            prefix=fact.series.prefix,
            decision=fact.series.decision,
            valid_from=fact.series.valid_from,
            valid_to=fact.series.valid_to,
            closed_on=None,
            first_value=fact.series.first,
            last_value=None,
            last_number=None,
            last_issue_date=None,
            issued=0,
            updated_at=event.at,
            version=event.version,
            position=event.position,
        )
    if isinstance(fact, NumberAllocated):
        entry.last_value = fact.value
        entry.last_number = fact.number
        entry.last_issue_date = fact.issue_date
        entry.issued += 1
    elif isinstance(fact, SeriesClosed):
        entry.closed_on = fact.date
    entry.updated_at = event.at
    entry.version = event.version
    entry.position = event.position
    return entry


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="series_list",
    facts=frozenset({SeriesOpened, NumberAllocated, SeriesClosed}),
    keyed=Keyed(
        table="series_list",
        columns=COLUMNS,
        begins=frozenset({SeriesOpened}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
