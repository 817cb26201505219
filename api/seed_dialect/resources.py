"""The invoice routes of the old dialect."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import falcon
import msgspec

from api.doors import Doors
from api.entrance.access import Permission
from api.entrance.call import Call
from api.entrance.decoding import decode_query
from api.entrance.problems import Problem
from api.seed_dialect import commands, lists
from api.seed_dialect.after_sending import changes_of
from api.seed_dialect.answers import (
    DELETED,
    INVALID_ID,
    NO_DATA,
    NO_SUCH_INVOICE,
    NO_TERM,
    NOTHING_GIVEN,
    UPDATED,
    Added,
    Done,
    send,
)
from api.seed_dialect.columns import (
    Columns,
    client_columns,
    invoice_columns,
    item_rows,
    payment_rows,
)
from api.seed_dialect.desk import Desk
from api.seed_dialect.forms import InvoiceChange, NewInvoice, form_of
from api.seed_dialect.kept import custom_fields
from api.seed_dialect.recurrence import begin
from api.seed_dialect.structure import structure_of
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DiscardDraft, SendInvoice
from invoicing_domain.model.invoice.state import Invoice as State
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Loaded
from projections.invoice_list import query as invoice_list

ATTEMPTS: Final = 40
"""How often an update is worked out anew because somebody else changed the draft meanwhile."""


class Invoices:
    """`/api/invoices`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.WRITE_DRAFTS)
        form = form_of(structure_of(req), NewInvoice)
        if commands.wants_sending(form):
            self._desk.demand(access, Permission.WRITE_INVOICES)
        call = self._desk.call(req, access, form)
        self._desk.doors.execute(
            call,
            resp,
            lambda: commands.new_draft(form, call, self._desk.doors),
            render=lambda outcome: Added(record_id=outcome.state.reference),
            status=201,
            location=lambda body: f"/api/invoices/{body['record_id']}",
        )
        if commands.wants_sending(form):
            added = str(msgspec.json.decode(resp.data or b"{}")["record_id"])
            begin(self._desk.doors, call, self._desk.find(call, added))
        self._desk.finish(req, resp)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, lists.ListQuery)
        call = self._desk.call(req, access)
        self._desk.listed(req, resp, lists.rows_of(self._desk.doors, call, query, resp, req.path))


class Invoice:
    """`/api/invoices/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.READ_DOCUMENTS)
        call = self._desk.call(req, access)
        invoice_id = self._desk.find(call, document, NO_DATA)
        state, version = self._desk.read(invoice_id, NO_DATA)
        resp.set_header("ETag", f'"{version}"')
        send(resp, _in_full(self._desk.doors, call, invoice_id, state))

    def on_put(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_DRAFTS)
        structure = structure_of(req)
        if not structure:
            raise Problem(406, "nothing_given", NOTHING_GIVEN)
        form = form_of(structure, InvoiceChange)
        sends = commands.wants_sending(form)
        if sends:
            self._desk.demand(access, Permission.WRITE_INVOICES)
        call = self._desk.call(req, access, form)
        _until_nobody_is_faster(call, lambda: self._change(call, resp, document, form))
        if sends:
            self._send(call, resp, document)
        self._desk.finish(req, resp)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        delete(self._desk, req, resp, document)

    def _change(self, call: Call, resp: falcon.Response, document: str, form: InvoiceChange) -> None:
        """Work out the change on the draft as it is, and record it only while it still is so."""
        doors = self._desk.doors
        invoice_id = self._desk.find(call, document, NO_SUCH_INVOICE)
        loaded = self._desk.peek(invoice_id)
        if loaded.state is not None and loaded.state.phase == "sent":
            self._tell(call, resp, invoice_id, loaded, form)
            return
        asked = call if call.expected_version is not None else replace(call, expected_version=loaded.version)
        doors.execute(
            asked,
            resp,
            lambda: commands.change(form, invoice_id, self._desk.living(loaded, NO_SUCH_INVOICE), call, doors),
            render=lambda _: Done(message=UPDATED),
        )

    def _tell(
        self, call: Call, resp: falcon.Response, invoice_id: StreamId, loaded: Loaded[State], form: InvoiceChange
    ) -> None:
        """What may still be said of a sent invoice. The last fact carries the key: a repetition finds the rest done."""
        doors = self._desk.doors

        def command() -> object:
            self._desk.demand(call.access, Permission.WRITE_INVOICES)
            if call.expected_version not in (None, loaded.version):
                raise Refusal("version_conflict", f"the invoice is at version {loaded.version}; read it again")
            *others, last = changes_of(form, invoice_id, self._desk.living(loaded, NO_SUCH_INVOICE), call)
            for other in others:
                doors.service.execute(other, call.context)
            return last

        doors.execute(replace(call, expected_version=None), resp, command, render=lambda _: Done(message=UPDATED))

    def _send(self, call: Call, resp: falcon.Response, document: str) -> None:
        """Send what was just changed, unless an earlier try has sent it already."""
        invoice_id = self._desk.find(call, document, NO_SUCH_INVOICE)
        state = self._desk.living(self._desk.peek(invoice_id), NO_SUCH_INVOICE)
        if state.phase == "draft":
            command = SendInvoice(invoice_id=invoice_id, sending=commands.sending(state.header, call))
            outcome = self._desk.doors.service.execute(command, call.context)
            resp.set_header("ETag", f'"{outcome.version}"')
            resp.set_header("Izvor-Position", str(outcome.position))
        begin(self._desk.doors, call, invoice_id)


class InvoiceDeletion:
    """`/api/delete/invoices/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        delete(self._desk, req, resp, document)


class InvoiceSearch:
    """`/api/invoices/search/{term}` and `/api/invoices/search?q=`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, term: str = "") -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, lists.SearchQuery)
        wanted = (term or query.q or query.query or "").strip()
        if not wanted:
            raise Problem(400, "bad_request", NO_TERM)
        call = self._desk.call(req, access)
        self._desk.listed(req, resp, lists.found(self._desk.doors, call, wanted))


def delete(desk: Desk, req: falcon.Request, resp: falcon.Response, document: str) -> None:
    """Discard a draft; a sent invoice stays, with the hint how to take it back."""
    access = desk.admit(req, Permission.WRITE_DRAFTS)
    call = desk.call(req, access)
    invoice_id = desk.find(call, document)

    def command() -> DiscardDraft:
        desk.living(desk.peek(invoice_id), INVALID_ID)
        return DiscardDraft(invoice_id=invoice_id, reason=call.context.reason or "")

    desk.doors.execute(call, resp, command, render=lambda _: Done(message=DELETED))
    desk.finish(req, resp)


def _in_full(doors: Doors, call: Call, invoice_id: StreamId, state: State) -> Columns:
    buyer = state.header.customer
    live = doors.ledger.load(CUSTOMER, buyer.customer_id).state
    made_at = _made_at(doors, call, invoice_id)
    return {
        **invoice_columns(state, call.organization.profile, call.context.today, made_at),
        "items": item_rows(state),
        "attachments": [],
        "visible_attachments_to_customer_found": False,
        "client": client_columns(buyer, live.profile if live else None),
        "payments": payment_rows(state),
        "scheduled_email": None,
        "customfields": custom_fields(state.header.metadata),
    }


def _made_at(doors: Doors, call: Call, invoice_id: StreamId) -> datetime:
    """When the invoice was made: lists know it; where they are not so far yet, its first fact does."""
    with doors.reading() as connection:
        listed = invoice_list.get(connection, call.organization_id, invoice_id=invoice_id)
    return listed.created_at if listed else doors.ledger.history(invoice_id, up_to_version=1)[0].meta.at


def _until_nobody_is_faster(call: Call, change: Callable[[], None]) -> None:
    """A client that names no version does not care whose change came first: work its own out anew."""
    for _ in range(ATTEMPTS - 1):
        try:
            change()
        except Refusal as refusal:
            if refusal.code != "version_conflict" or call.expected_version is not None:
                raise
        else:
            return
    change()
