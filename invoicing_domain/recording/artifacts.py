"""Artifacts: documents kept once, byte for byte, under their SHA-256; who reads one gets what was kept, or an error.

The disk is not waited for: an artifact is of no account until a fact names it, and that fact follows it in the log.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from psycopg.rows import tuple_row

from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.patience import persist

_KEEP: Final = """
INSERT INTO izvor.artifact (organization_id, sha256, media_type, content) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_FETCH: Final = "SELECT media_type, content FROM izvor.artifact WHERE organization_id = %s AND sha256 = %s"


class Damaged(Exception):  # noqa: N818 - names what was met
    """What is stored is not what was kept."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A document as bytes."""

    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


class Artifacts:
    """The documents of all organizations; the database shows each its own."""

    def __init__(self, datastore: Datastore) -> None:
        self._datastore = datastore

    def keep(self, organization_id: str, artifact: Artifact) -> str:
        """Store the bytes, unless they are there; returns their digest."""
        digest = artifact.sha256
        row = (organization_id, bytes.fromhex(digest), artifact.media_type, artifact.content)

        def attempt() -> None:
            with self._datastore.connection() as connection:
                connection.execute(_KEEP, row)

        persist(self._datastore, attempt)
        return digest

    def fetch(self, organization_id: str, digest: str) -> Artifact | None:
        """The bytes under a digest; None when the organization keeps no such artifact. Raises Damaged."""

        def attempt() -> tuple[str, bytes] | None:
            with self._datastore.connection() as connection:
                cursor = connection.cursor(binary=True, row_factory=tuple_row)
                return cursor.execute(_FETCH, (organization_id, bytes.fromhex(digest))).fetchone()

        row = persist(self._datastore, attempt)
        if row is None:
            return None
        found = Artifact(*row)
        if found.sha256 != digest:
            raise Damaged(f"the artifact {digest} of organization {organization_id} is not what was kept")
        return found
