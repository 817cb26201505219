"""The PostgreSQL recorder: the events of all streams of a command and its answer, in one transaction, in one call."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import Notification, RecordConflictError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row

from invoicing_domain.recording.append import AppendCall, StoredAnswer
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.direct import TEXT, Statement, integer
from invoicing_domain.recording.direct import UUID as UUID_TYPE
from invoicing_domain.recording.keyring import OtherKey
from invoicing_domain.recording.patience import persist

FLUSH: Final = "SELECT pg_logical_emit_message(true, 'izvor', '')"
NEXT_REFERENCE: Final = "SELECT izvor.next_reference($1, $2)"
STREAM: Final = (
    "SELECT topic, state, originator_version, notification_id,"
    ' CASE WHEN substring(state FROM 1 FOR 17) = \'{"sealed":{"of":"\'::bytea THEN'
    " (SELECT wrapped FROM izvor_keys.customer_key"
    " WHERE customer_id = encode(substring(state FROM 18 FOR 36), 'escape')::uuid) END"
    " FROM izvor.events WHERE originator_id = $1 ORDER BY originator_version"
)
SELECT: Final = "SELECT originator_version, topic, state, notification_id FROM izvor.events WHERE originator_id = %s"
FEED: Final = (
    "SELECT originator_id, originator_version, topic, state, notification_id FROM izvor.events"
    " WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
)
ORGANIZATIONS: Final = (
    "SELECT originator_id::text AS id FROM izvor.events"
    " WHERE topic LIKE 'organization.registered/%%' ORDER BY notification_id"
)
FEED_OF_ONE: Final = (
    "SELECT originator_id, originator_version, topic, state, notification_id FROM izvor.events"
    " WHERE organization_id = %s AND notification_id > %s ORDER BY notification_id LIMIT %s"
)
NOTIFICATIONS: Final = (
    "SELECT originator_id, originator_version, topic, state, notification_id FROM izvor.events"
    " WHERE notification_id > %s AND (%s::bigint IS NULL OR notification_id <= %s)"
    " AND (%s::text[] IS NULL OR topic = ANY(%s)) ORDER BY notification_id LIMIT %s"
)

StoredRow = tuple[bytes, bytes, bytes | None]

Conflict = RecordConflictError
"""A version that a command was decided on is no longer the newest."""


class AnswerExists(RecordConflictError):  # noqa: N818 - names what was met
    """The key was used already: its first answer stands."""


class FactRecorder(PostgresApplicationRecorder):
    """The library's recorder with its insert and selects replaced; tables come from migrations."""

    datastore: Datastore

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore, events_table_name="events")
        self._append = AppendCall()
        self._flush = Statement(FLUSH)
        self._next_reference = Statement(NEXT_REFERENCE, UUID_TYPE, TEXT)
        self._stream = Statement(STREAM, UUID_TYPE)
        self._newest = Statement(STREAM + " DESC LIMIT 1", UUID_TYPE)
        self.channel_name = "izvor_events"  # where the library's subscriptions listen

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append, durably, and return the positions given.

        Takes `organization_id`, `keys` (Keys that they are sealed under), optionally `answer` (StoredAnswer), and
        `visible`, to be called once others can see the events, before they are on disk. Raises RecordConflictError when
        a version is taken, AnswerExists when the client's key is, OtherKey when one of a customer is not, or no more,
        StoreUnavailable when the outcome could not be learned. A commit whose acknowledgement was lost is recognised by
        its bytes and returns as the success that it was.
        """
        organization_id, keys, answer = kwargs["organization_id"], kwargs["keys"], kwargs.get("answer")
        visible: Callable[[], None] | None = kwargs.get("visible")

        def attempt() -> Sequence[int]:
            try:
                with self.datastore.connection() as connection:
                    last = self._append(connection, organization_id, stored_events, answer, keys, wait=visible is None)
                    if visible is not None:
                        visible()
                        self._flush(connection, ())
            except (psycopg.errors.UniqueViolation, psycopg.errors.ObjectNotInPrerequisiteState) as conflict:
                return self._own_positions(stored_events) or _raise(conflict)
            return range(last - len(stored_events) + 1, last + 1)

        return persist(self.datastore, attempt, recover=lambda: self._own_positions(stored_events))

    def _own_positions(self, stored_events: Sequence[StoredEvent]) -> Sequence[int] | None:
        """Positions of these very events when they are in the store, byte for byte (they carry their command's id)."""
        if not stored_events:
            return None
        first = stored_events[0]
        found = self.select_events(
            str(first.originator_id), gt=first.originator_version - 1, lte=first.originator_version
        )
        if not found or found[0].state != first.state:
            return None
        self.flush()
        return range(found[0].id, found[0].id + len(stored_events))

    def flush(self) -> None:
        """Return only when everything committed so far is on disk."""
        with self.datastore.connection() as connection:
            self._flush(connection, ())

    def read_stream(self, stream_id: str, *, newest_only: bool = False) -> tuple[list[StoredRow], int, int]:
        """The events of a stream in order (or the last), its version and its position.

        Of each event topic and bytes, and the key of the customer that it is sealed for, as long as there is one: found
        in the same statement, so that it is as of the same moment.
        """
        statement = self._newest if newest_only else self._stream

        def attempt() -> PGresult:
            with self.datastore.connection() as connection:
                return statement(connection, (stream_id.encode(),))

        found = persist(self.datastore, attempt)
        count, value = found.ntuples, found.get_value
        if count == 0:
            return [], 0, 0
        rows = [(value(row, 0) or b"", value(row, 1) or b"", value(row, 4)) for row in range(count)]
        return rows, integer(value(count - 1, 2)), integer(value(count - 1, 3))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[Notification]:
        statement = SELECT
        arguments: list[str | int] = [str(originator_id)]
        for clause, bound in ((" AND originator_version > %s", gt), (" AND originator_version <= %s", lte)):
            if bound is not None:
                statement += clause
                arguments.append(bound)
        statement += " ORDER BY originator_version" + (" DESC" if desc else "")
        if limit is not None:
            statement += " LIMIT %s"
            arguments.append(limit)

        def attempt() -> Sequence[Notification]:
            with self.datastore.connection() as connection:
                cursor = connection.cursor(binary=True, row_factory=tuple_row)
                rows = cursor.execute(statement, arguments, prepare=True).fetchall()
            return [Notification(originator_id, version, topic, state, at) for version, topic, state, at in rows]

        return persist(self.datastore, attempt)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - (1 if inclusive_of_start else 0)
        wanted = list(topics) or None
        return self._select_feed(NOTIFICATIONS, (after, stop, stop, wanted, wanted, limit))

    def read_feed(self, after: int, limit: int, organization_id: str | None = None) -> Sequence[Notification]:
        """Events after a position, in order, without holes. May include events that are not on disk yet."""
        if organization_id is None:
            return self._select_feed(FEED, (after, limit))
        return self._select_feed(FEED_OF_ONE, (organization_id, after, limit))

    def _select_feed(self, statement: str, arguments: tuple[object, ...]) -> Sequence[Notification]:
        def attempt() -> Sequence[Notification]:
            with self.datastore.connection() as connection:
                cursor = connection.cursor(binary=True, row_factory=tuple_row)
                rows = cursor.execute(statement, arguments, prepare=True).fetchall()
            return [Notification(str(stream), version, topic, state, at) for stream, version, topic, state, at in rows]

        return persist(self.datastore, attempt)

    def max_notification_id(self) -> int | None:
        def attempt() -> int | None:
            with self.datastore.connection() as connection:
                row = connection.execute("SELECT max(notification_id) FROM izvor.events").fetchone()
            return None if row is None else row["max"]

        return persist(self.datastore, attempt)

    def find_answer(self, organization_id: str, key: str) -> StoredAnswer | None:
        """The durable answer given under a key, with its position."""

        def attempt() -> StoredAnswer | None:
            with self.datastore.connection() as connection:
                row = connection.execute(
                    "SELECT key, fingerprint, status, answer AS body, stream_id::text, version, position"
                    " FROM izvor.idempotency WHERE organization_id = %s AND key = %s",
                    (organization_id, key),
                    prepare=True,
                ).fetchone()
            return None if row is None else StoredAnswer(**row)

        found = persist(self.datastore, attempt)
        if found is not None:
            self.flush()
        return found

    def organizations(self) -> list[str]:
        """Ids of all organizations, in the order of their registration."""

        def attempt() -> list[str]:
            with self.datastore.connection() as connection:
                rows = connection.execute(ORGANIZATIONS, prepare=True).fetchall()
            return [row["id"] for row in rows]

        return persist(self.datastore, attempt)

    def next_reference(self, organization_id: str, kind: str) -> int:
        """The next small integer for a kind of document; never given twice, holes allowed."""

        def attempt() -> int:
            with self.datastore.connection() as connection:
                given = self._next_reference(connection, (organization_id.encode(), kind.encode()))
            return integer(given.get_value(0, 0))

        return persist(self.datastore, attempt)


def _raise(conflict: psycopg.Error) -> Sequence[int]:
    if isinstance(conflict, psycopg.errors.ObjectNotInPrerequisiteState):
        raise OtherKey(str(conflict)) from conflict
    if conflict.diag.constraint_name == "idempotency_pkey":
        raise AnswerExists(str(conflict)) from conflict
    raise RecordConflictError(str(conflict)) from conflict
