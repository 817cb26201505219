"""The append call, spoken to libpq itself: a cursor of the driver costs more processor time than the whole decision.

The driver's cursor finds out, for each call anew, how to write lists of lists; here the types are known. Waiting
happens inside libpq, where other threads run. Everything else in this package uses the driver as it is meant to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any, Final, Protocol
from weakref import WeakSet

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus

_NAME: Final = b"izvor_append"
_STATEMENT: Final = b"CALL izvor.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)"
_UUID, _UUIDS, _BIGINT, _BIGINTS, _TEXT, _TEXTS, _BYTEA, _BYTEAS, _SMALLINT = (
    2950,
    2951,
    20,
    1016,
    25,
    1009,
    17,
    1001,
    21,
)
_TYPES: Final = (_UUID, _UUIDS, _BIGINTS, _TEXTS, _BYTEAS, _TEXT, _BYTEA, _SMALLINT, _BYTEA, _UUID, _BIGINT)
_AS_BYTES: Final = {_TEXT, _BYTEA, _BYTEAS}  # so that the server, not the end of a C string, judges a zero byte
_FORMATS: Final = tuple(int(kind in _AS_BYTES) for kind in _TYPES)
_NO_ANSWER: Final = (None,) * 6
_ARRAY: Final = Struct(">iiIii")  # dimensions, no nulls, type of the elements, their number, first index
_EMPTY_ARRAY: Final = Struct(">iiI").pack(0, 0, _BYTEA)
_LENGTH: Final = Struct(">i")


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


class Storable(Protocol):
    """What the call needs of an event."""

    @property
    def originator_id(self) -> Any: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...


class AppendCall:
    """`izvor.append` on connections that the caller has to itself; prepared once on each."""

    def __init__(self) -> None:
        self._prepared: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def __call__(
        self,
        connection: psycopg.Connection[Any],
        organization_id: str,
        events: Sequence[Storable],
        answer: StoredAnswer | None,
    ) -> int:
        """The position of the last event; raises the driver's errors."""
        server = connection.pgconn
        if connection not in self._prepared:
            self._check(server, server.prepare(_NAME, _STATEMENT, _TYPES), ExecStatus.COMMAND_OK)
            self._prepared.add(connection)
        arguments = (organization_id.encode(), *_columns(events), *(_NO_ANSWER if answer is None else _row(answer)))
        result = server.exec_prepared(_NAME, arguments, _FORMATS)
        self._check(server, result, ExecStatus.TUPLES_OK)
        return int(result.get_value(0, 0) or 0)

    @staticmethod
    def _check(server: psycopg.pq.abc.PGconn, result: psycopg.pq.abc.PGresult, expected: ExecStatus) -> None:
        if result.status == expected:
            return
        if server.status == ConnStatus.BAD:
            raise psycopg.OperationalError(server.get_error_message())
        raise error_from_result(result)


def _columns(events: Sequence[Storable]) -> tuple[bytes, bytes, bytes, bytes]:
    """One array for each column; ids, numbers and topics have no character that an array literal would quote."""
    return (
        _literal([str(event.originator_id) for event in events]),
        _literal([str(event.originator_version) for event in events]),
        _literal([event.topic for event in events]),
        _bytea_array([event.state for event in events]),
    )


def _literal(words: Sequence[str]) -> bytes:
    return f"{{{','.join(words)}}}".encode()


def _bytea_array(items: Sequence[bytes]) -> bytes:
    parts = [_ARRAY.pack(1, 0, _BYTEA, len(items), 1) if items else _EMPTY_ARRAY]
    for item in items:
        parts += (_LENGTH.pack(len(item)), item)
    return b"".join(parts)


def _row(answer: StoredAnswer) -> tuple[bytes, ...]:
    return (
        answer.key.encode(),
        answer.fingerprint,
        str(answer.status).encode(),
        answer.body,
        answer.stream_id.encode(),
        str(answer.version).encode(),
    )
