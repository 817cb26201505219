"""Facts as records of Kafka: CloudEvents 1.0 in binary mode, and back again to the bytes that the store holds.

The value is the fact as JSON, exactly as stored. Who recorded it and why, and what is sealed under a customer's key,
are headers, exactly as stored: a follower of the topic learns what a follower of the store does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from invoicing_domain.recording.envelope import StoredFact
from invoicing_domain.recording.schemas import urn_of
from invoicing_domain.tracing import HEADER
from workers.naming import fact_id

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is written to a topic; `position` is the place of its fact in the store."""

    key: bytes
    value: bytes
    headers: Headers
    position: int
    traceparent: str | None = None

    @property
    def size(self) -> int:
        return len(self.key) + len(self.value) + sum(len(name) + len(value) for name, value in self.headers)


NOTHING: Final = msgspec.Raw()


class Foreign(Exception):  # noqa: N818 - names what was met
    """A record that is not one of our facts."""


class _Stored(msgspec.Struct):
    """The parts of a stored fact, each as it was written."""

    fact: msgspec.Raw
    meta: msgspec.Raw
    sealed: msgspec.Raw = NOTHING


class _Meta(msgspec.Struct):
    at: str
    organization_id: str
    traceparent: str | None = None


_stored: Final = msgspec.json.Decoder(_Stored)
_meta: Final = msgspec.json.Decoder(_Meta)


def record_of(stored: StoredFact) -> Record:
    stream_id, version, parts = stored.stream_id, stored.version, _stored.decode(stored.state)
    meta = _meta.decode(parts.meta)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": fact_id(stream_id, version),
        "ce_type": stored.topic.rpartition("/")[0],
        "ce_source": f"/izvor/{meta.organization_id}",
        "ce_subject": stream_id,
        "ce_time": meta.at,
        "ce_dataschema": urn_of(stored.topic),
        "content-type": "application/json",
        "izvor_position": str(stored.position),
        "izvor_version": str(version),
        "izvor_organization": meta.organization_id,
    }
    more = [("izvor_meta", bytes(parts.meta))]
    if meta.traceparent is not None:
        more.append((HEADER, meta.traceparent.encode()))
    if sealed := bytes(parts.sealed):
        more.append(("izvor_sealed", sealed))
    return Record(
        key=stream_id.encode(),
        value=bytes(parts.fact),
        headers=[*((name, value.encode()) for name, value in headers.items()), *more],
        position=stored.position,
        traceparent=meta.traceparent,
    )


def stored_of(value: bytes, headers: Headers) -> StoredFact:
    """The fact of a record, byte for byte as stored. Raises Foreign."""
    given = dict(headers)
    try:
        return StoredFact(
            stream_id=given["ce_subject"].decode(),
            version=int(given["izvor_version"]),
            topic=_topic(given),
            state=_state(value, given),
            position=int(given["izvor_position"]),
        )
    except (KeyError, ValueError) as error:
        raise Foreign(f"not a fact of Izvor: {type(error).__name__} {error}") from None


def recorded_at(state: bytes) -> datetime:
    return datetime.fromisoformat(_meta.decode(_stored.decode(state).meta).at)


def position_of(headers: Headers) -> int | None:
    """Where the fact of a record stands in the store; None for a record that is no fact."""
    text = dict(headers).get("izvor_position")
    return int(text) if text and text.isdigit() else None


def _topic(headers: Mapping[str, bytes]) -> str:
    version = headers["ce_dataschema"].decode().rpartition(":")[2]
    return f"{headers['ce_type'].decode()}/{version}"


def _state(value: bytes, headers: Mapping[str, bytes]) -> bytes:
    sealed = headers.get("izvor_sealed")
    head = b"{" if sealed is None else b'{"sealed":' + sealed + b","
    return head + b'"fact":' + value + b',"meta":' + headers["izvor_meta"] + b"}"
