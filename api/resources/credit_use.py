"""Using credit notes over HTTP: what is left of one is applied, taken back, or paid out."""

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.shapes import bodies, views
from api.translation import parsing, rendering
from invoicing_domain.model.credit_note.commands import ApplyCredit, RefundCredit, UnapplyCredit
from invoicing_domain.requests.commands import wishes
from invoicing_domain.service import Outcome


def rendered(outcome: Outcome) -> views.CreditNoteView:
    return rendering.credit_note(outcome.stream_id, *outcome.of(outcome.stream_id))


class CreditNoteApplications(Resource):
    @operation(
        Operation(
            summary="Let what is left of a credit note pay invoices of the same customer and currency",
            permission=Permission.WRITE_INVOICES,
            body=bodies.AllocationsBody,
            answer=views.CreditNoteView,
            status=201,
            writes=True,
            refusals=("not_found", "allocation_exceeds_balance", "applications_exceed_credit_note"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.AllocationsBody = call.body
        found = self._doors.find(call, "credit_note", document)
        self._doors.execute(
            call,
            resp,
            lambda: ApplyCredit(
                credit_note_id=found,
                date=body.date,
                allocations=wishes(body.allocations, self._doors.asker(call)),
            ),
            render=rendered,
            status=201,
        )


class CreditNoteDeallocations(Resource):
    @operation(
        Operation(
            summary="Take credit from invoices again; it is left to apply elsewhere then",
            permission=Permission.WRITE_INVOICES,
            body=bodies.DeallocationsBody,
            answer=views.CreditNoteView,
            status=201,
            writes=True,
            refusals=("not_found", "deallocation_exceeds_allocation", "nothing_to_deallocate", "invoice_credited"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.DeallocationsBody = call.body
        found = self._doors.find(call, "credit_note", document)
        self._doors.execute(
            call,
            resp,
            lambda: UnapplyCredit(
                credit_note_id=found,
                date=body.date,
                reason=body.reason,
                allocations=wishes(body.allocations, self._doors.asker(call)),
            ),
            render=rendered,
            status=201,
        )


class CreditNoteRefunds(Resource):
    @operation(
        Operation(
            summary="Record that what is left of a credit note was paid out, all of it or a part",
            permission=Permission.WRITE_INVOICES,
            body=bodies.RefundBody,
            answer=views.CreditNoteView,
            status=201,
            writes=True,
            refusals=("not_found", "refund_exceeds_credit"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.RefundBody = call.body
        found = self._doors.find(call, "credit_note", document)
        self._doors.execute(
            call,
            resp,
            lambda: RefundCredit(
                credit_note_id=found,
                date=body.date,
                amount=parsing.optional_amount(body.amount),
                method=body.method,
                reference=body.reference,
                reason=body.reason,
            ),
            render=rendered,
            status=201,
        )
