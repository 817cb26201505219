"""Reading errands: a hint for workers where to look, never a decision."""

from dataclasses import dataclass
from typing import Final, Literal

from projections.rows import Connection, fetch

Kind = Literal["reminder", "bulk_run"]

_OPEN: Final = (
    "SELECT stream_id, organization_id, version FROM read.errand_list WHERE kind = %(kind)s AND is_open"
    " AND (%(organization_id)s::uuid IS NULL OR organization_id = %(organization_id)s::uuid) ORDER BY position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A stream about which something was asked for, when it was at `version`."""

    stream_id: str
    organization_id: str
    version: int


def open_errands(connection: Connection, kind: Kind, organization_id: str | None = None) -> list[Errand]:
    """What is still to be done, for one organization or for all, longest waiting first."""
    return fetch(connection, Errand, _OPEN, {"organization_id": organization_id, "kind": kind})
