"""Ledger: the library's application, with our facts, our mapper and our recorder at its seams."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, Mapper, Notification
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, strtobool

from invoicing_domain.model.context import Context
from invoicing_domain.recording.append import StoredAnswer
from invoicing_domain.recording.codec import Codec, opened_with
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.envelope import Recorded, StoredFact, meta_of
from invoicing_domain.recording.mapper import FactMapper
from invoicing_domain.recording.recorder import FactRecorder
from invoicing_domain.recording.vault import Vault

S = TypeVar("S")


class UnsafeSetting(Exception):  # noqa: N818 - names what was met
    """A setting under which facts could be lost; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Category(Generic[S]):
    """A kind of stream: its name, how its facts fold, and whether its last fact alone is the whole state."""

    name: str
    evolve: Callable[[S | None, Any], S]
    last_fact_is_state: bool = False


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """The state of a stream at a version and position (0: there is no such stream)."""

    state: S | None
    version: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Facts to append to one stream, on top of the version that they were decided on."""

    stream_id: str
    version: int
    facts: Sequence[object]


def as_recorded(changes: Iterable[Change], context: Context) -> list[Recorded]:
    """The facts of a command as they follow upon the streams that it loaded."""
    meta = meta_of(context)
    return [
        Recorded(change.stream_id, version, fact, meta)
        for change in changes
        for version, fact in enumerate(change.facts, start=change.version + 1)
    ]


class Ledger(Application[str]):
    """Everything that was recorded. Safe to share between threads; not across forks."""

    name = "Izvor"
    recorder: FactRecorder
    mapper: FactMapper

    def __init__(
        self,
        conninfo: str,
        *,
        secret_key: str | None = None,
        pool_size: int = 2,
        max_overflow: int = 14,
        per_organization: bool = False,
    ) -> None:
        if strtobool(os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS") or "no"):
            raise UnsafeSetting(
                "POSTGRES_ENABLE_DB_FUNCTIONS makes readers pass over events that commit late: unset it"
            )
        self._datastore = Datastore(
            conninfo, pool_size=pool_size, max_overflow=max_overflow, per_organization=per_organization
        )
        self.codec = Codec()
        self.vault = Vault(self._datastore, secret_key)
        super().__init__(env={})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return _Factory(env, self._datastore)

    def construct_mapper(self) -> Mapper[str]:
        return FactMapper(self.codec, self.vault)

    def load(self, category: Category[S], stream_id: str) -> Loaded[S]:
        """Fold a stream as it is now."""
        rows, version, position = self.recorder.read_stream(stream_id, newest_only=category.last_fact_is_state)
        evolve, fact_of = category.evolve, self.codec.fact
        state: S | None = None
        for topic, stored, wrapped in rows:
            record = stored if wrapped is None else opened_with(stored, self.vault.key_to_open(stored, wrapped))
            state = evolve(state, fact_of(topic, record))
        return Loaded(state, version, position)

    def history(self, stream_id: str, *, up_to_version: int | None = None) -> list[Recorded]:
        """The facts of a stream in order, all of them on disk."""
        self.recorder.flush()
        return self.mapper.recorded(self.recorder.select_events(stream_id, lte=up_to_version))

    def append(
        self,
        changes: Iterable[Change],
        context: Context,
        answer: StoredAnswer | None = None,
        visible: Callable[[], None] | None = None,
    ) -> int:
        """Record the facts of one command, all or none; returns the position of the last one.

        `visible` is called as soon as others can see them. Raises what FactRecorder.insert_events raises.
        """
        recorded = as_recorded(changes, context)

        def attempt(doubting: bool) -> int:
            rows = self.mapper.sealed(recorded, doubting=doubting)
            sealed, keys = (None, rows.keys) if answer is None else self.vault.sealed_answer(answer, rows.keys)
            positions = self.recorder.insert_events(
                rows.events, organization_id=context.organization_id, keys=keys, answer=sealed, visible=visible
            )
            return positions[-1] if positions else 0

        return self.vault.sealing(attempt)

    def find_answer(self, organization_id: str, key: str) -> StoredAnswer | None:
        """The durable answer given under a key, with its position, and without what is personal of erased customers."""
        found = self.recorder.find_answer(organization_id, key)
        return found and self.vault.opened_answer(found)

    def organizations(self) -> list[str]:
        """Ids of all organizations, in the order of their registration."""
        return self.recorder.organizations()

    def feed(self, after: int, limit: int, organization_id: str | None = None) -> list[Recorded]:
        """Facts after a position, in commit order, none passed over, all of them on disk: safe to act upon."""
        rows = self.recorder.read_feed(after, limit, organization_id)
        if rows:
            self.recorder.flush()
        return self.mapper.recorded(rows)

    def feed_as_stored(self, after: int, limit: int) -> list[StoredFact]:
        """The feed of all organizations unread, byte for byte; no less safe to act upon."""
        rows = self.recorder.read_feed(after, limit)
        if rows:
            self.recorder.flush()
        return [
            StoredFact(
                stream_id=str(row.originator_id),
                version=row.originator_version,
                topic=row.topic,
                state=row.state,
                position=row.id,
            )
            for row in rows
        ]

    def read(self, stored: Iterable[StoredFact]) -> list[Recorded]:
        """Facts from their bytes, wherever these were kept meanwhile."""
        rows = (
            Notification(
                originator_id=one.stream_id,
                originator_version=one.version,
                topic=one.topic,
                state=one.state,
                id=one.position,
            )
            for one in stored
        )
        return self.mapper.recorded(list(rows))


class _Factory(PostgresFactory):
    """Hands the application our datastore and recorder."""

    def __init__(self, env: Environment, datastore: Datastore) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = datastore

    def application_recorder(self) -> FactRecorder:
        return FactRecorder(cast("Datastore", self.datastore))
