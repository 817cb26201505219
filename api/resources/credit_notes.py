"""Credit notes over HTTP: the way out when a sent invoice is wrong."""

import falcon

from api import bodies, parsing, rendering, views
from api.access import Permission
from api.call import Call, call_of
from api.doors import Doors, send
from api.operations import Operation, operation
from api.queries import PageQuery
from api.resources import listing
from invoicing_domain.handlers import CREDIT_NOTE
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.invoice.commands import IssueCreditNote, Reissue
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.service import Outcome


class InvoiceCreditNotes:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="Credit a sent invoice in full or by line; with reissue also a new draft in its place",
            permission=Permission.WRITE_INVOICES,
            body=bodies.CreditNoteBody,
            answer=views.CorrectionView,
            status=201,
            writes=True,
            refusals=("not_found", "invoice_not_sent", "credit_exceeds_invoice", "line_not_found"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        issued: list[IssueCreditNote] = []

        def command() -> IssueCreditNote:
            issued.append(self._command(call, found))
            return issued[-1]

        self._doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: _rendered(call, issued[-1], outcome),
            status=201,
            location=lambda view: f"/api/v1/credit-notes/{view['credit_note']['id']}",
        )

    def _command(self, call: Call, invoice_id: StreamId) -> IssueCreditNote:
        body: bodies.CreditNoteBody = call.body
        lines = parsing.credit_lines(body)
        reference = self._doors.new(call, "credit_note")
        reissue = None
        if body.reissue:
            again = self._doors.new(call, "invoice")
            reissue = Reissue(invoice_id=stream_id("invoice", call.organization_id, again), reference=again)
        return IssueCreditNote(
            invoice_id=invoice_id,
            credit_note_id=stream_id("credit_note", call.organization_id, reference),
            reference=reference,
            series=call.organization.profile.credit_note_series,
            seller=as_seller(call.organization),
            reason=body.reason,
            lines=lines,
            reissue=reissue,
        )


def _rendered(call: Call, command: IssueCreditNote, outcome: Outcome) -> views.CorrectionView:
    def invoice(stream: StreamId) -> views.InvoiceView:
        state, version, position = outcome.of(stream)
        return rendering.invoice(stream, state, call.context.today, version, position)

    note = command.credit_note_id
    return views.CorrectionView(
        credit_note=rendering.credit_note(note, *outcome.of(note)),
        invoice=invoice(command.invoice_id),
        reissued=None if command.reissue is None else invoice(command.reissue.invoice_id),
    )


class CreditNotes:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="List credit notes",
            permission=Permission.READ_LISTS,
            query=PageQuery,
            answer=views.CreditNotesView,
            waits_for=("credit_note_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        listing.credit_notes(self._doors, req, resp)


class CreditNote:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="A credit note",
            permission=Permission.READ_DOCUMENTS,
            answer=views.CreditNoteView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found = self._doors.find(call_of(req), "credit_note", document)
        loaded = self._doors.load(CREDIT_NOTE, found)
        if loaded.state is not None:
            view = rendering.credit_note(found, loaded.state, loaded.version, loaded.position)
            send(resp, view, version=loaded.version)
