"""The call that records a command: the events of all streams, the answer to its client's key, the keys of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from eventsourcing.persistence import StoredEvent

from invoicing_domain.recording.direct import (
    BIGINT,
    BIGINTS,
    BOOLEAN,
    BYTEA,
    BYTEAS,
    SMALLINT,
    TEXT,
    TEXTS,
    UUID,
    UUIDS,
    Statement,
    bytea_array,
    integer,
    literal,
)
from invoicing_domain.recording.sealing import Keys

_CALL: Final = "CALL izvor.record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL)"
_TYPES: Final = (
    *(UUID, UUIDS, BIGINTS, TEXTS, BYTEAS),
    *(TEXT, BYTEA, SMALLINT, BYTEA, UUID, BIGINT),
    *(UUIDS, BYTEAS, BOOLEAN),
)
_NO_ANSWER: Final = (None,) * 6


@dataclass(frozen=True, slots=True)
class Kept:
    """How an answer reads once one of the customers that it tells of is erased."""

    customers: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The answer to a client's key, written beside the events; `body` knows no position yet."""

    key: str
    fingerprint: bytes
    status: int
    body: bytes
    stream_id: str
    version: int
    position: int = 0
    kept: Kept | None = None
    """None where nothing in it is personal."""


class AppendCall:
    def __init__(self) -> None:
        self._statement = Statement(_CALL, *_TYPES)

    def __call__(
        self,
        connection: psycopg.Connection[Any],
        organization_id: str,
        events: Sequence[StoredEvent],
        answer: StoredAnswer | None,
        keys: Keys,
        *,
        wait: bool,
    ) -> int:
        """The position of the last event; `wait` for the disk, or leave that to the caller."""
        arguments = (
            organization_id.encode(),
            *_columns(events),
            *(_NO_ANSWER if answer is None else _row(answer)),
            literal(list(keys)),
            bytea_array([key.wrapped for key in keys.values()]),
            b"t" if wait else b"f",
        )
        return integer(self._statement(connection, arguments).get_value(0, 0))


def _columns(events: Sequence[StoredEvent]) -> tuple[bytes, bytes, bytes, bytes]:
    return (
        literal([str(event.originator_id) for event in events]),
        literal([str(event.originator_version) for event in events]),
        literal([event.topic for event in events]),
        bytea_array([event.state for event in events]),
    )


def _row(answer: StoredAnswer) -> tuple[bytes, ...]:
    return (
        answer.key.encode(),
        answer.fingerprint,
        str(answer.status).encode(),
        answer.body,
        answer.stream_id.encode(),
        str(answer.version).encode(),
    )
