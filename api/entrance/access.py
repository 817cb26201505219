"""Who may do what: roles, and the permissions that each has."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, get_args

Role = Literal["admin", "clerk", "sales", "auditor", "bi"]

Compat = Literal["perfex"]
"""Answers of the old dialect with the status codes of the original's code, not of its documentation."""

COMPATS: Final[tuple[Compat, ...]] = get_args(Compat)

ROLES: Final[tuple[Role, ...]] = get_args(Role)


class Permission(Enum):
    READ_LISTS = "read lists and reports"
    READ_DOCUMENTS = "read documents"
    READ_HISTORY = "read history and facts"
    READ_SETUP = "read how other systems are connected"
    WRITE_DRAFTS = "write drafts and customers"
    WRITE_INVOICES = "send, credit, collect and remind"
    ADMINISTER = "change settings"


_READS: Final = frozenset({Permission.READ_LISTS, Permission.READ_DOCUMENTS})

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    "admin": frozenset(Permission),
    "clerk": frozenset(Permission) - {Permission.ADMINISTER, Permission.READ_SETUP},
    "sales": _READS | {Permission.WRITE_DRAFTS},
    "auditor": _READS | {Permission.READ_HISTORY, Permission.READ_SETUP},
    "bi": frozenset({Permission.READ_LISTS}),
}


@dataclass(frozen=True, slots=True)
class Access:
    """A caller who was recognised by a token."""

    token_id: str
    name: str
    organization_id: str
    role: Role
    compat: Compat | None = None

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.role]
