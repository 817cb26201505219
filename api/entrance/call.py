"""Call: one request, understood: who calls, for whom, with what."""

from dataclasses import dataclass
from typing import Any

import falcon

from api.entrance.access import Access
from invoicing_domain.model.context import Context
from invoicing_domain.model.organization.state import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    access: Access
    organization: Organization
    context: Context
    body: Any
    query: Any
    key: str | None
    fingerprint: bytes
    expected_version: int | None

    @property
    def organization_id(self) -> str:
        return self.access.organization_id


def call_of(req: falcon.Request) -> Call:
    call: Call = req.context.call
    return call
