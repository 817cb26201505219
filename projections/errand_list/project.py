"""From facts to errands: a stream has one as long as somebody asked for something and it is not done."""

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from invoicing_domain.model.bulk_run.events import BulkRunAdvanced, BulkRunStarted
from invoicing_domain.model.invoice.events import ReminderDropped, ReminderRequested, ReminderSent
from projections.readmodel import Event, Keyed, ReadModel, Row


@dataclass(slots=True)
class Entry:
    """A row in the making."""

    stream_id: str
    organization_id: str
    kind: str
    is_open: bool
    version: int
    position: int


COLUMNS: Final = tuple(field.name for field in fields(Entry))

_columns: Final = attrgetter(*COLUMNS)


def fold(entry: Entry | None, event: Event) -> Entry:
    if entry is None:
        kind = "bulk_run" if isinstance(event.fact, BulkRunStarted) else "reminder"
        entry = Entry(event.stream_id, event.organization_id, kind, False, 0, 0)
    match event.fact:
        case BulkRunStarted(items=items):
            entry.is_open = bool(items)
        case BulkRunAdvanced(left=left):
            entry.is_open = left > 0
        case ReminderRequested():
            entry.is_open = True
        case ReminderDropped():
            entry.is_open = False
        case ReminderSent(request=int()):
            entry.is_open = False
    entry.version, entry.position = event.version, event.position
    return entry


def render(entry: Entry) -> Row:
    row: Row = _columns(entry)
    return row


MODEL: Final = ReadModel(
    name="errand_list",
    facts=frozenset({ReminderRequested, ReminderSent, ReminderDropped, BulkRunStarted, BulkRunAdvanced}),
    keyed=Keyed(
        table="errand_list",
        columns=COLUMNS,
        begins=frozenset({BulkRunStarted}),
        revive=lambda row: Entry(*row),
        fold=fold,
        render=render,
    ),
)
