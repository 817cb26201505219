"""Reading errands: a hint for workers where to look, never a decision."""

from dataclasses import dataclass
from typing import Final, Literal

from projections.rows import Connection, fetch

Kind = Literal["reminder"]

_OPEN: Final = (
    "SELECT stream_id, version FROM read.errand_list"
    " WHERE organization_id = %(organization_id)s::uuid AND kind = %(kind)s AND is_open ORDER BY position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A stream about which something was asked for, when it was at `version`."""

    stream_id: str
    version: int


def open_errands(connection: Connection, organization_id: str, kind: Kind) -> list[Errand]:
    """What is still to be done for an organization, longest waiting first."""
    return fetch(connection, Errand, _OPEN, {"organization_id": organization_id, "kind": kind})
