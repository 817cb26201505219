"""Using payments over HTTP: allocated later, taken from invoices again, refunded, reversed."""

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.payments import rendered
from api.shapes import bodies, views
from api.translation import parsing
from invoicing_domain.model.payment.commands import AllocatePayment, DeallocatePayment, RefundPayment, ReversePayment
from invoicing_domain.requests.commands import wishes


class PaymentAllocations(Resource):
    @operation(
        Operation(
            summary="Allocate what is left of a payment",
            permission=Permission.WRITE_INVOICES,
            body=bodies.AllocationsBody,
            answer=views.PaymentView,
            status=201,
            writes=True,
            refusals=("not_found", "payment_reversed", "allocation_exceeds_balance", "allocations_exceed_payment"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.AllocationsBody = call.body
        found = self._doors.find(call, "payment", document)
        self._doors.execute(
            call,
            resp,
            lambda: AllocatePayment(
                payment_id=found,
                date=body.date,
                allocations=wishes(body.allocations, self._doors.asker(call)),
            ),
            render=rendered,
            status=201,
        )


class PaymentDeallocations(Resource):
    @operation(
        Operation(
            summary="Take money from invoices again (wrong match); it is customer credit then",
            permission=Permission.WRITE_INVOICES,
            body=bodies.DeallocationsBody,
            answer=views.PaymentView,
            status=201,
            writes=True,
            refusals=("not_found", "payment_reversed", "deallocation_exceeds_allocation", "nothing_to_deallocate"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.DeallocationsBody = call.body
        found = self._doors.find(call, "payment", document)
        self._doors.execute(
            call,
            resp,
            lambda: DeallocatePayment(
                payment_id=found,
                date=body.date,
                reason=body.reason,
                allocations=wishes(body.allocations, self._doors.asker(call)),
            ),
            render=rendered,
            status=201,
        )


class PaymentRefunds(Resource):
    @operation(
        Operation(
            summary="Record that customer credit of a payment went back to the customer, all of it or a part",
            permission=Permission.WRITE_INVOICES,
            body=bodies.RefundBody,
            answer=views.PaymentView,
            status=201,
            writes=True,
            refusals=("not_found", "payment_reversed", "refund_exceeds_credit"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.RefundBody = call.body
        found = self._doors.find(call, "payment", document)
        self._doors.execute(
            call,
            resp,
            lambda: RefundPayment(
                payment_id=found,
                date=body.date,
                amount=parsing.optional_amount(body.amount),
                method=body.method,
                reference=body.reference,
                reason=body.reason,
            ),
            render=rendered,
            status=201,
        )


class PaymentReversal(Resource):
    @operation(
        Operation(
            summary="Reverse a payment that bounced or was entered by mistake",
            permission=Permission.WRITE_INVOICES,
            body=bodies.ReversalBody,
            answer=views.PaymentView,
            writes=True,
            refusals=("not_found", "payment_reversed"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: bodies.ReversalBody = call.body
        found = self._doors.find(call, "payment", document)
        self._doors.execute(
            call,
            resp,
            lambda: ReversePayment(payment_id=found, date=body.date, reason=body.reason),
            render=rendered,
        )
