"""Reading the recorded facts in commit order, for projections."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import psycopg
from psycopg.rows import tuple_row

from invoicing_domain.model.customer.events import PersonalDataErased
from invoicing_domain.recording.catalogue import CATALOGUE
from invoicing_domain.recording.codec import Codec, opened
from invoicing_domain.recording.keyring import Keyring
from projections.readmodel import Event, ReadModel

Stored = tuple[str, int, str, bytes, int, str]

# Positions are dense and in commit order, so everything up to the largest visible one is there: nothing is passed over.
_HEAD: Final = "SELECT izvor.head()"
_READ: Final = (
    "SELECT originator_id::text, originator_version, topic, state, notification_id, organization_id::text"
    " FROM izvor.events WHERE notification_id > %s AND notification_id <= %s AND topic <> ALL(%s)"
    " ORDER BY notification_id"
)


class _Meta(msgspec.Struct):
    """All that projections need of the metadata; the rest is not decoded."""

    at: datetime


_meta: Final = msgspec.json.Decoder(_Meta)


def head(connection: psycopg.Connection[Any]) -> int:
    """The position of the newest fact; 0 before the first."""
    row = connection.cursor(row_factory=tuple_row).execute(_HEAD).fetchone()
    return 0 if row is None else int(row[0])


def unwanted(models: Iterable[ReadModel]) -> list[str]:
    """Topics that none of the models wants, though all have to know of erasures.

    What this program does not know at all is not among them: never skipped.
    """
    wanted = {fact for model in models for fact in model.facts} | {PersonalDataErased}
    return [
        f"{name.name}/{version}"
        for fact, name in CATALOGUE.items()
        if fact not in wanted
        for version in range(1, name.version + 1)
    ]


def read(connection: psycopg.Connection[Any], after: int, until: int, skipped: Sequence[str]) -> list[Stored]:
    """The stored facts with positions in (after, until], without the skipped topics."""
    cursor = connection.cursor(row_factory=tuple_row, binary=True)
    return cursor.execute(_READ, (after, until, list(skipped)), prepare=True).fetchall()


class Decoding:
    """How stored facts become events: by the catalogue, and with the keys of the customers that they are about."""

    def __init__(self, secret_key: str | None = None) -> None:
        self._codec = Codec()
        self._keyring = Keyring(secret_key)

    def events(self, connection: psycopg.Connection[Any], stored: Sequence[Stored]) -> list[Event]:
        """Without what is personal of erased customers; raises what the codec raises for a fact it cannot read."""
        keys = self._keyring.keys_to_open(connection, (row[3] for row in stored))
        events = []
        for stream_id, version, topic, sealed, position, organization_id in stored:
            state = opened(sealed, keys)
            if b"\\u0000" in state:  # valid in JSON, impossible in a text of PostgreSQL
                state = state.replace(b"\\u0000", b"\\ufffd")
            fact, meta = self._codec.decode(topic, state)
            events.append(Event(stream_id, version, fact, _meta.decode(meta).at, position, organization_id))
        return events
