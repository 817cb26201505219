"""Taking the personal data of erased customers out of read models: every stream that holds some is folded anew.

The key of a customer ends in the transaction of the fact that says so. Whoever has read that fact therefore reads all
others without what was personal in them, and rows that were made before become what a rebuild makes of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from invoicing_domain.model.customer.events import PersonalDataErased
from projections.feed import Decoding, Stored
from projections.readmodel import Event, ReadModel
from projections.store import apply, clear

# As the index `events_sealed` has it.
_STREAMS: Final = (
    "SELECT DISTINCT originator_id FROM izvor.events"
    """ WHERE substring(state FROM 1 FOR 17) = '{"sealed":{"of":"'::bytea"""
    " AND substring(state FROM 18 FOR 36) = ANY(%s::bytea[])"
)
_READ: Final = (
    "SELECT originator_id::text, originator_version, topic, state, notification_id, organization_id::text"
    " FROM izvor.events WHERE originator_id = ANY(%s) AND notification_id <= %s ORDER BY notification_id"
)


def fold_anew(
    connection: psycopg.Connection[Any],
    schema: str,
    models: Iterable[ReadModel],
    decoding: Decoding,
    events: Iterable[Event],
    until: int,
) -> None:
    """Where an erasure is among the events: the streams about that customer once more, up to where the models stand."""
    customers = [event.stream_id for event in events if type(event.fact) is PersonalDataErased]
    if not customers:
        return
    again = decoding.events(connection, _read(connection, customers, until))
    for model in models:
        clear(connection, schema, model, again)
        apply(connection, schema, model, again)


def _read(connection: psycopg.Connection[Any], customers: Sequence[str], until: int) -> list[Stored]:
    cursor = connection.cursor(row_factory=tuple_row, binary=True)
    owners = [customer.encode() for customer in customers]
    streams = [stream for (stream,) in cursor.execute(_STREAMS, (owners,)).fetchall()]
    return cursor.execute(_READ, (streams, until)).fetchall()
