"""Documents by mail over HTTP: asked for here, sent by a worker."""

from collections.abc import Callable

import falcon
import msgspec

from api.doors import Doors, Resource
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.resources import credit_use, invoices
from api.shapes import mail_shapes as shapes
from api.shapes import views
from invoicing_domain.model.mailing import MailedKind, RequestEmail
from invoicing_domain.service import Outcome

_REFUSALS = ("not_found", "customer_without_email", "email_already_requested")


class InvoiceEmails(Resource):
    @operation(
        Operation(
            summary="Send the invoice by mail (again), with its PDF; emails and history say what became of it",
            permission=Permission.WRITE_INVOICES,
            body=shapes.EmailBody,
            body_optional=True,
            answer=views.InvoiceView,
            status=202,
            writes=True,
            refusals=(*_REFUSALS, "invoice_not_sent"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        _request(self._doors, req, resp, "invoice", document, invoices.rendered)


class CreditNoteEmails(Resource):
    @operation(
        Operation(
            summary="Send the credit note by mail (again), with its PDF; its facts say what became of it",
            permission=Permission.WRITE_INVOICES,
            body=shapes.EmailBody,
            body_optional=True,
            answer=views.CreditNoteView,
            status=202,
            writes=True,
            refusals=_REFUSALS,
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        _request(self._doors, req, resp, "credit_note", document, _credit_note)


def _credit_note(_: Call, outcome: Outcome) -> views.CreditNoteView:
    return credit_use.rendered(outcome)


def _request(
    doors: Doors,
    req: falcon.Request,
    resp: falcon.Response,
    kind: MailedKind,
    document: str,
    rendered: Callable[[Call, Outcome], msgspec.Struct],
) -> None:
    call = call_of(req)
    found = doors.find(call, kind, document)
    body: shapes.EmailBody = call.body
    doors.execute(
        call,
        resp,
        lambda: RequestEmail(kind=kind, document_id=found, to=body.to),
        render=lambda outcome: rendered(call, outcome),
        status=202,
    )
