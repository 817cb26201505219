"""The desk in front of the old dialect: who calls, whether they may, and waiting until lists show what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import falcon
import msgspec

from api.doors import Doors
from api.entrance.access import Access, Permission
from api.entrance.call import Call
from api.entrance.problems import Problem, invalid
from api.gate import authenticate, context_of, expected_version, fingerprint, key_of
from api.seed_dialect.answers import INVALID_ID, NO_DATA, NO_PERMISSION, NO_TOKEN, send
from api.seed_dialect.columns import Columns
from api.seed_dialect.compat import coded
from invoicing_domain.categories import INVOICE
from invoicing_domain.model.identity import Kind, StreamId, resolve
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.recording.application import Loaded
from projections.positions import wait_for

SOURCE: Final = "seed"
"""Stands in the envelope of every fact that came in here."""

WAIT_SECONDS: Final = 2.0
_SHOWN_IN: Final = ("invoice_detail", "invoice_list")


@dataclass(frozen=True, slots=True)
class Desk:
    doors: Doors

    def admit(self, req: falcon.Request, permission: Permission) -> Access:
        """The caller; tokens in the query string are not looked at, since those end up in logs."""
        scheme = (req.get_header("Authorization") or "").partition(" ")[0].lower()
        if scheme != "bearer" and not req.get_header("authtoken"):
            raise Problem(401, "unauthorized", NO_TOKEN, headers={"WWW-Authenticate": 'Bearer realm="izvor"'})
        access = authenticate(self.doors, req)
        req.context.compat = access.compat
        self.demand(access, permission)
        return access

    def demand(self, access: Access, permission: Permission) -> None:
        if not access.may(permission):
            raise Problem(403, "forbidden", NO_PERMISSION)

    def call(self, req: falcon.Request, access: Access, body: msgspec.Struct | None = None) -> Call:
        organization = self.doors.organizations.of(access.organization_id)
        writes = req.method != "GET"
        return Call(
            access=access,
            organization=organization,
            context=context_of(self.doors, req, access, organization.profile.time_zone, SOURCE),
            body=body,
            query=None,
            key=key_of(req) if writes else None,
            fingerprint=fingerprint(req, body),
            expected_version=expected_version(req) if writes else None,
        )

    def find(self, call: Call, document: str, otherwise: str = INVALID_ID, kind: Kind = "invoice") -> StreamId:
        """The document that a path names, by its small number or its id."""
        found = resolve(kind, call.organization_id, document)
        if found is None:
            raise Problem(404, "not_found", otherwise)
        return found

    def read(self, invoice_id: StreamId, otherwise: str) -> tuple[Invoice, int]:
        """An invoice to show, with its version: never behind the caller's own commands, and on disk."""
        self.living(self.peek(invoice_id), otherwise)
        loaded = self.doors.load(INVOICE, invoice_id)
        return self.living(loaded, otherwise), loaded.version

    def peek(self, invoice_id: StreamId) -> Loaded[Invoice]:
        """An invoice to decide upon."""
        return self.doors.ledger.load(INVOICE, invoice_id)

    def living(self, loaded: Loaded[Invoice], otherwise: str) -> Invoice:
        """What was deleted is gone, as far as this face is concerned; history keeps it."""
        if loaded.state is None or loaded.state.phase == "discarded":
            raise Problem(404, "not_found", otherwise)
        return loaded.state

    def known_customer(self, call: Call, text: str, pointer: str = "clientid") -> StreamId:
        found = resolve("customer", call.organization_id, text)
        if found is None:
            raise invalid(pointer, f"there is no customer {text}")
        return found

    def listed(self, req: falcon.Request, resp: falcon.Response, rows: list[Columns] | Columns) -> None:
        """Answer with a list, or a page of one; the original's code has nothing for what is empty."""
        if req.context.compat is not None and not (rows["data"] if isinstance(rows, dict) else rows):
            raise Problem(404, "not_found", NO_DATA)
        send(resp, rows)

    def finish(self, req: falcon.Request, resp: falcon.Response, shown_in: Iterable[str] = _SHOWN_IN) -> None:
        """Old clients list right after they have written, and do not say what they expect: give the lists a moment."""
        position = int(resp.get_header("Izvor-Position") or "0")
        with self.doors.reading() as connection:
            wait_for(connection, shown_in, position, WAIT_SECONDS)
        if req.context.compat is not None:
            resp.status = coded(req.method, resp.status_code)
