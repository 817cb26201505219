"""Credit notes over HTTP: the way out when a sent invoice is wrong."""

from collections.abc import Callable

import falcon
import msgspec

from api.doors import Doors, Resource, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.resources import listing
from api.shapes import bodies, views
from api.shapes.queries import CreditNoteQuery, Preview
from api.translation import parsing, rendering
from invoicing_domain.categories import CREDIT_NOTE, INVOICE
from invoicing_domain.model.identity import LAST_REFERENCE, Kind, StreamId, stream_id
from invoicing_domain.model.invoice.commands import IssueCreditNote, LineToCredit, Reissue
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.service import Outcome


class InvoiceCreditNotes(Resource):
    @operation(
        Operation(
            summary="Credit a sent invoice in full or by line; reissue: also a new draft; dry_run: only show it (200)",
            permission=Permission.WRITE_INVOICES,
            body=bodies.CreditNoteBody,
            query=Preview,
            answer=views.CorrectionView,
            status=201,
            also=(200,),
            writes=True,
            refusals=("not_found", "invoice_not_sent", "credit_exceeds_invoice", "line_not_found"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        body: bodies.CreditNoteBody = call.body
        query: Preview = call.query
        lines = parsing.credit_lines(body)
        if query.dry_run:
            preview(self._doors, call, resp, lambda: _command(call, _last, found, body, lines))
            return
        issue(self._doors, call, resp, lambda: _command(call, self._doors.new, found, body, lines))


class InvoiceCancelling(Resource):
    @operation(
        Operation(
            summary="Cancel a sent invoice: credit all that is left, say why; with reissue also a new draft",
            permission=Permission.WRITE_INVOICES,
            body=bodies.CancelBody,
            answer=views.CorrectionView,
            status=201,
            writes=True,
            refusals=("not_found", "invoice_not_sent", "credit_exceeds_invoice"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.CancelBody = call.body
        found = self._doors.find(call, "invoice", document)
        issue(self._doors, call, resp, lambda: _command(call, self._doors.new, found, body, (), cancels=True))


def _command(
    call: Call,
    new: Callable[[Call, Kind], int],
    invoice_id: StreamId,
    body: bodies.CreditNoteBody | bodies.CancelBody,
    lines: tuple[LineToCredit, ...],
    *,
    cancels: bool = False,
) -> IssueCreditNote:
    reference = new(call, "credit_note")
    reissue = None
    if body.reissue:
        again = new(call, "invoice")
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
        cancels=cancels,
    )


def _last(_: Call, __: Kind) -> int:
    """A reference for what will not exist: none is taken for it."""
    return LAST_REFERENCE


def issue(doors: Doors, call: Call, resp: falcon.Response, command: Callable[[], IssueCreditNote]) -> None:
    issued: list[IssueCreditNote] = []

    def remembered() -> IssueCreditNote:
        issued.append(command())
        return issued[-1]

    doors.execute(
        call,
        resp,
        remembered,
        render=lambda outcome: _rendered(call, issued[-1], outcome),
        status=201,
        location=lambda view: f"/api/v1/credit-notes/{view['credit_note']['id']}",
    )


def preview(doors: Doors, call: Call, resp: falcon.Response, command: Callable[[], IssueCreditNote]) -> None:
    """What would come of it, without identity and number: those are given when it is issued."""
    asked = command()
    view = _rendered(call, asked, doors.service.preview(asked, call.context))
    bare = {"id": "", "reference": 0, "position": 0}
    note = msgspec.structs.replace(view.credit_note, number="", **bare)
    reissued = None if view.reissued is None else msgspec.structs.replace(view.reissued, **bare)
    credited = tuple(
        msgspec.structs.replace(one, id="", number="") if one.id == asked.credit_note_id else one
        for one in view.invoice.credit_notes
    )
    held = tuple(
        msgspec.structs.replace(one, credit_note_id="", number="")
        if one.credit_note_id == asked.credit_note_id
        else one
        for one in view.invoice.credits_applied
    )
    invoice = msgspec.structs.replace(view.invoice, credit_notes=credited, credits_applied=held, position=0)
    now = doors.load(INVOICE, asked.invoice_id)
    send(resp, views.CorrectionView(credit_note=note, invoice=invoice, reissued=reissued), version=now.version)
    resp.set_header("Izvor-Position", str(now.position))


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


class CreditNotes(Resource):
    @operation(
        Operation(
            summary="List credit notes",
            permission=Permission.READ_LISTS,
            query=CreditNoteQuery,
            answer=views.CreditNotesView,
            refusals=("not_found",),
            waits_for=("credit_note_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        listing.credit_notes(self._doors, req, resp)


class CreditNote(Resource):
    @operation(
        Operation(
            summary="A credit note",
            permission=Permission.READ_DOCUMENTS,
            answer=views.CreditNoteView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found = self._doors.find(call_of(req), "credit_note", document)
        loaded = self._doors.load(CREDIT_NOTE, found)
        if loaded.state is not None:
            view = rendering.credit_note(found, loaded.state, loaded.version, loaded.position)
            send(resp, view, version=loaded.version)
