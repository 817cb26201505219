"""Recording a long history at once, all of it or nothing: for demonstrations and measurements.

The same facts, codec and positions as one command at a time; what is saved are the disk flush and the round trip of
each. Streams are kept in memory as the commands left them, so that nothing is read back.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar, get_args

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.rows import tuple_row

from invoicing_domain.model.context import Context
from invoicing_domain.model.identity import Kind
from invoicing_domain.recording.application import Category, Change, Ledger, Loaded, as_recorded
from invoicing_domain.recording.envelope import Recorded

BATCH_SIZE: Final = 5_000

_KINDS: Final = list(get_args(Kind))

# The lock of `izvor.record`: whoever records meanwhile waits, so that positions stay dense and in commit order.
_TAKE_TURN: Final = "SELECT pg_advisory_xact_lock(7305809, 1)"
_HEAD: Final = "SELECT izvor.head()"
_IS_GUARDED: Final = "SELECT row_security_active('izvor.events')"
_HOLD_REFERENCES: Final = (
    "INSERT INTO izvor.reference AS r SELECT %s::uuid, kind, 0 FROM unnest(%s::text[]) AS kind"
    " ON CONFLICT (organization_id, kind) DO UPDATE SET last = r.last RETURNING kind, last"
)
_KEEP_REFERENCE: Final = "UPDATE izvor.reference SET last = %s WHERE organization_id = %s AND kind = %s"
_COPY: Final = (
    "COPY izvor.events (originator_id, originator_version, topic, state, notification_id, organization_id) FROM STDIN"
)
_INSERT: Final = (
    "INSERT INTO izvor.events (originator_id, originator_version, topic, state, notification_id, organization_id)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_TELL: Final = "NOTIFY izvor_events"

S = TypeVar("S")
Row = tuple[str, int, str, bytes, int, str]


class Bulk:
    """The streams of one organization while its history is recorded; see `bulk`."""

    def __init__(self, ledger: Ledger, connection: psycopg.Connection[Any], organization_id: str) -> None:
        self._ledger = ledger
        self._cursor = connection.cursor(row_factory=tuple_row)
        self._organization_id = organization_id
        self._streams: dict[str, Loaded[Any]] = {}
        self._waiting: list[Recorded] = []
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None
        self._cursor.execute(_TAKE_TURN)
        self.position = int(self._asked(_HEAD))
        self._guarded = bool(self._asked(_IS_GUARDED))
        self._cursor.execute(_HOLD_REFERENCES, (organization_id, _KINDS))
        self._references: dict[str, int] = dict(self._cursor.fetchall())

    def load(self, category: Category[S], stream_id: str) -> Loaded[S]:
        """A stream as the last command left it; one that was not touched yet comes from the ledger."""
        if stream_id not in self._streams:
            self._streams[stream_id] = self._ledger.load(category, stream_id)
        return self._streams[stream_id]

    def begin(self, stream_id: str) -> None:
        """A stream that cannot exist yet: nothing to load."""
        self._streams.setdefault(stream_id, Loaded(None, 0))

    def next_reference(self, kind: Kind) -> int:
        self._references[kind] += 1
        return self._references[kind]

    def record(self, changes: Iterable[Change], streams: dict[str, Loaded[Any]], context: Context) -> None:
        """Take down the facts of one command, and keep its streams as it left them."""
        self._waiting += as_recorded(changes, context)
        self._streams |= streams
        if len(self._waiting) >= BATCH_SIZE:
            self._write()

    def forget(self, stream_id: str) -> None:
        """Nothing will be asked of this stream any more."""
        self._streams.pop(stream_id, None)

    def finish(self) -> None:
        """Write what is left, and up to where references were given."""
        self._write()
        self._wait()
        for kind, last in self._references.items():
            self._cursor.execute(_KEEP_REFERENCE, (last, self._organization_id, kind))
        self._cursor.execute(_TELL)

    def close(self) -> None:
        self._hand.shutdown()

    def _write(self) -> None:
        """Encode a batch while the database is at the one before."""
        rows = list(self._rows(self._ledger.vault.sealing(self._sealed)))
        self._waiting.clear()
        self._wait()
        self._writing = self._hand.submit(self._store, rows)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _sealed(self, doubting: bool) -> list[StoredEvent]:
        """The keys are there before what is written under them: of those that nobody will need, none does harm."""
        sealed = self._ledger.mapper.sealed(self._waiting, doubting=doubting)
        self._ledger.vault.keep(self._organization_id, sealed.keys)
        return sealed.events

    def _rows(self, events: Iterable[StoredEvent]) -> Iterator[Row]:
        for stored in events:
            self.position += 1
            yield (
                str(stored.originator_id),
                stored.originator_version,
                stored.topic,
                stored.state,
                self.position,
                self._organization_id,
            )

    def _store(self, rows: Sequence[Row]) -> None:
        """COPY; statement by statement where row-level security holds for our role, since COPY does not know it."""
        if self._guarded:
            self._cursor.executemany(_INSERT, rows)
            return
        with self._cursor.copy(_COPY) as sink:
            for row in rows:
                sink.write_row(row)

    def _asked(self, question: str) -> Any:
        row = self._cursor.execute(question.encode()).fetchone()
        return None if row is None else row[0]


@contextmanager
def bulk(ledger: Ledger, conninfo: str, organization_id: str) -> Iterator[Bulk]:
    """One transaction, committed when the block ends well. Nobody else records anything until then."""
    with psycopg.connect(conninfo) as connection:
        recording = Bulk(ledger, connection, organization_id)
        try:
            yield recording
            recording.finish()
        finally:
            recording.close()
