"""API tokens: `izv_<id>_<secret>`, shown once, kept as a digest. A revoked one is refused within half a second."""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from api.entrance.access import Access, Compat, Role

BELIEVED_SECONDS: Final = 0.5
"""So long a process believes what the database said about a token."""

_MOST_BELIEVED: Final = 10_000

_SHAPE: Final = re.compile(r"izv_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_NOBODY: Final = sha256(b"nobody").digest()

_FIND: Final = (
    "SELECT token_id, name, organization_id::text, role, digest, created_at, expires_at, revoked_at, compat"
    " FROM izvor.find_token(%s)"
)
_LIST: Final = (
    "SELECT token_id, name, organization_id::text, role, digest, created_at, expires_at, revoked_at, compat"
    " FROM izvor.token ORDER BY created_at"
)
_INSERT: Final = (
    "INSERT INTO izvor.token (token_id, name, organization_id, role, digest, created_at, expires_at, compat)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_REVOKE: Final = "UPDATE izvor.token SET revoked_at = %s WHERE token_id = %s AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """A token as the database knows it: everything but the secret."""

    token_id: str
    name: str
    organization_id: str
    role: Role
    digest: bytes
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    compat: Compat | None

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create(
    connection: Connection[Any],
    *,
    organization_id: str,
    role: Role,
    name: str,
    now: datetime,
    valid_days: int | None = None,
    compat: Compat | None = None,
) -> str:
    """Make a token and return its text, which nobody can ever read again."""
    token_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    expires_at = None if valid_days is None else now + timedelta(days=valid_days)
    digest = sha256(secret.encode()).digest()
    connection.execute(_INSERT, (token_id, name, organization_id, role, digest, now, expires_at, compat))
    return f"izv_{token_id}_{secret}"


Lend = Callable[[], AbstractContextManager[Connection[Any]]]


class Tokens:
    """Who holds which token, asked of the database no more than twice a second for each."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._believed: dict[str, tuple[float, TokenRecord]] = {}

    def recognise(self, lend: Lend, text: str, now: datetime) -> Access | None:
        """Who holds this token; None for one that is malformed, unknown, expired or revoked."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            return None
        record = self._record(lend, shape[1])
        fits = compare_digest(sha256(shape[2].encode()).digest(), record.digest if record else _NOBODY)
        if record is None or not fits or not record.is_live(now):
            return None
        return Access(record.token_id, record.name, record.organization_id, record.role, record.compat)

    def _record(self, lend: Lend, token_id: str) -> TokenRecord | None:
        until, record = self._believed.get(token_id, (0.0, None))
        asked_at = self._clock()
        if record is not None and asked_at < until:
            return record
        with lend() as connection, connection.cursor(row_factory=class_row(TokenRecord)) as cursor:
            record = cursor.execute(_FIND, (token_id,), prepare=True).fetchone()
        if record is not None:
            if len(self._believed) >= _MOST_BELIEVED:
                self._believed.clear()
            self._believed[token_id] = (asked_at + BELIEVED_SECONDS, record)
        return record


def listed(connection: Connection[Any]) -> list[TokenRecord]:
    with connection.cursor(row_factory=class_row(TokenRecord)) as cursor:
        return cursor.execute(_LIST).fetchall()


def revoke(connection: Connection[Any], token_id: str, now: datetime) -> bool:
    """Revoke a token by its public id; False when there is no live one."""
    return connection.execute(_REVOKE, (now, token_id)).rowcount == 1
