"""Mapper: the library's seam between a recorded fact and a stored row."""

from typing import cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, Notification, StoredEvent

from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import Recorded


class FactMapper(Mapper[str]):
    """Maps by catalogue name instead of Python path, and through our codec instead of a transcoder."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        recorded = cast("Recorded", domain_event)
        return StoredEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=self.codec.topic(recorded.fact),
            state=self.codec.encode(recorded.fact, recorded.meta),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        fact, meta = self.codec.decode(stored_event.topic, stored_event.state)
        position = stored_event.id if isinstance(stored_event, Notification) else 0
        return cast(
            "DomainEventProtocol[str]",
            Recorded(str(stored_event.originator_id), stored_event.originator_version, fact, meta, position),
        )
