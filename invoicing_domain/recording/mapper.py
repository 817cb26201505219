"""Mapper: the library's seam between a recorded fact and a stored row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, Notification, StoredEvent

from invoicing_domain.model.erasure import Parts, parted
from invoicing_domain.recording.codec import Codec, opened
from invoicing_domain.recording.envelope import Recorded
from invoicing_domain.recording.sealing import Keys
from invoicing_domain.recording.vault import Vault


@dataclass(frozen=True, slots=True)
class Sealed:
    """Rows to store, and the keys that parts of them are under."""

    events: list[StoredEvent]
    keys: Keys


class FactMapper(Mapper[str]):
    """Maps by catalogue name instead of Python path, through our codec, and personal data under the customer's key."""

    def __init__(self, codec: Codec, vault: Vault) -> None:
        self.codec = codec
        self._vault = vault

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        return self.sealed([cast("Recorded", domain_event)]).events[0]

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        return cast("DomainEventProtocol[str]", self.recorded([stored_event])[0])

    def sealed(self, recorded: Sequence[Recorded], *, doubting: bool = False) -> Sealed:
        """Facts as rows, all keys looked up at once. Who begins among them has no key yet, unless there is doubt."""
        parts = [parted(one.fact, one.originator_id) for one in recorded]
        customers = {one.customer_id for one in parts if one is not None}
        begun = set() if doubting else {one.originator_id for one in recorded if one.originator_version == 1}
        keys = self._vault.keys_to_seal(customers, begun & customers)
        events = [
            StoredEvent(
                originator_id=one.originator_id,
                originator_version=one.originator_version,
                topic=self.codec.topic(one.fact),
                state=self._state(one, its, keys),
            )
            for one, its in zip(recorded, parts, strict=True)
        ]
        return Sealed(events, keys)

    def _state(self, recorded: Recorded, parts: Parts | None, keys: Keys) -> bytes:
        """What belongs to an erased customer is not written at all."""
        if parts is None:
            return self.codec.encode(recorded.fact, recorded.meta)
        key = keys.get(parts.customer_id)
        if key is None:
            return self.codec.encode(parts.kept, recorded.meta)
        return self.codec.encode_sealed(parts, recorded.meta, key)

    def recorded(self, stored: Sequence[StoredEvent]) -> list[Recorded]:
        """Rows as facts, without the personal data of those who were erased."""
        keys = self._vault.keys_to_open(one.state for one in stored)
        return [self._recorded(one, keys) for one in stored]

    def _recorded(self, stored: StoredEvent, keys: Keys) -> Recorded:
        fact, meta = self.codec.decode(stored.topic, opened(stored.state, keys))
        position = stored.id if isinstance(stored, Notification) else 0
        return Recorded(str(stored.originator_id), stored.originator_version, fact, meta, position)
