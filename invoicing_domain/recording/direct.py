"""The statements of every command, spoken to libpq itself: a cursor costs more processor time than the decision.

The driver's cursor finds out anew, for each call, how to write its arguments and read its rows; here the types are
known. Waiting happens inside libpq, where other threads run. Everything else uses the driver as it is meant to be.
"""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from struct import Struct
from typing import Any, Final, cast
from weakref import WeakSet

import psycopg
from psycopg.errors import DuplicatePreparedStatement, InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

UUID, BIGINT, TEXT, BYTEA, SMALLINT, BOOLEAN = 2950, 20, 25, 17, 21, 16
UUIDS, BIGINTS, TEXTS, BYTEAS = 2951, 1016, 1009, 1001

_BINARY: Final = {TEXT, BYTEA, BYTEAS}  # so that the server, not the end of a C string, judges a zero byte
_ARRAY: Final = Struct(">iiIii")  # dimensions, no nulls, type of the elements, their number, first index
_EMPTY_ARRAY: Final = Struct(">iiI").pack(0, 0, BYTEA)
_LENGTH: Final = Struct(">i")


class Statement:
    """A statement with rows, for connections that the caller has to itself; prepared once on each."""

    def __init__(self, text: str, *types: int) -> None:
        self._name = b"izvor_" + sha256(text.encode()).hexdigest()[:16].encode()
        self._text = text.encode()
        self._types = types
        self._formats = [int(kind in _BINARY) for kind in types]
        self._prepared: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def __call__(self, connection: psycopg.Connection[Any], arguments: Sequence[bytes | None]) -> PGresult:
        """The result, its values as bytes in binary format; raises the driver's errors."""
        if connection not in self._prepared:
            self._prepare(connection)
        try:
            return self._execute(connection.pgconn, arguments)
        except InvalidSqlStatementName:  # the session was reset behind our back; nothing has happened yet
            self._prepare(connection)
            return self._execute(connection.pgconn, arguments)

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        server = connection.pgconn
        with suppress(DuplicatePreparedStatement):  # by another object for the same text: the name stands for it
            _check(server, server.prepare(self._name, self._text, self._types), ExecStatus.COMMAND_OK)
        self._prepared.add(connection)

    def _execute(self, server: PGconn, arguments: Sequence[bytes | None]) -> PGresult:
        values = cast("Sequence[bytes]", arguments)  # null is welcome, only the stub has forgotten it
        result = server.exec_prepared(self._name, values, self._formats, 1)
        _check(server, result, ExecStatus.TUPLES_OK)
        return result


def integer(value: bytes | None) -> int:
    return int.from_bytes(value or b"", signed=True)


def literal(words: Sequence[str]) -> bytes:
    """An array whose elements have no character that a literal would quote: ids, numbers, topics."""
    return f"{{{','.join(words)}}}".encode()


def bytea_array(items: Sequence[bytes]) -> bytes:
    parts = [_ARRAY.pack(1, 0, BYTEA, len(items), 1) if items else _EMPTY_ARRAY]
    for item in items:
        parts += (_LENGTH.pack(len(item)), item)
    return b"".join(parts)


def _check(server: PGconn, result: PGresult, expected: ExecStatus) -> None:
    if result.status == expected:
        return
    # Errors of the server have a code. One without comes from libpq: the connection is lost, though it may not know yet
    # (a parting warning was read, the end was not), and must not be lent again.
    if server.status == ConnStatus.BAD or not result.error_field(DiagnosticField.SQLSTATE):
        message = result.get_error_message() or server.get_error_message()
        server.finish()
        raise psycopg.OperationalError(message)
    raise error_from_result(result)
