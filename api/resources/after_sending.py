"""What is agreed or remarked about a sent invoice, over HTTP."""

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.invoices import rendered
from api.shapes import bodies, views
from invoicing_domain.model.invoice.commands import AddNote, ExtendDueDate


class InvoiceDueDate(Resource):
    @operation(
        Operation(
            summary="Agree on another due date, from today on; what was due before stays so for the days before",
            permission=Permission.WRITE_INVOICES,
            body=bodies.DueDateBody,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_not_sent", "due_date_before_issue"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.DueDateBody = call.body
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: ExtendDueDate(invoice_id=found, due_date=body.due_date, reason=body.reason),
            render=lambda outcome: rendered(call, outcome),
        )


class InvoiceNotes(Resource):
    @operation(
        Operation(
            summary="Remark something about a sent invoice, for the house; the document stays as it is",
            permission=Permission.WRITE_INVOICES,
            body=bodies.NoteBody,
            answer=views.InvoiceView,
            status=201,
            writes=True,
            refusals=("not_found", "invoice_not_sent", "note_empty"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.NoteBody = call.body
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: AddNote(invoice_id=found, text=body.text),
            render=lambda outcome: rendered(call, outcome),
            status=201,
        )
