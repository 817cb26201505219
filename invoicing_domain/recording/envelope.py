"""Envelope: a fact with where it stands and who it comes from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.tracing import traceparent


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What every fact says about its own recording."""

    at: datetime
    organization_id: str
    actor: Actor
    command_id: str
    correlation_id: str
    causation_id: str | None = None
    reason: str | None = None
    source: str = "api"
    traceparent: str | None = None
    """The trace in which it was recorded, where somebody keeps traces."""


def meta_of(context: Context) -> Meta:
    return Meta(
        at=context.at,
        organization_id=context.organization_id,
        actor=context.actor,
        command_id=context.command_id,
        correlation_id=context.correlation_id,
        causation_id=context.causation_id,
        reason=context.reason,
        source=context.source,
        traceparent=traceparent(),
    )


_META = msgspec.json.Decoder(Meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFact:
    """A fact as the store holds it: `state` are the bytes that were written, `topic` says how to read them."""

    stream_id: str
    version: int
    topic: str
    state: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact in its stream. `position` is 0 until the store has given one.

    The metadata of a stored fact is decoded when somebody looks at it: folding never does.
    """

    originator_id: str
    originator_version: int
    fact: Any
    raw_meta: Meta | msgspec.Raw
    position: int = 0

    @property
    def meta(self) -> Meta:
        return self.raw_meta if isinstance(self.raw_meta, Meta) else _META.decode(self.raw_meta)
