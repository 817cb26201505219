"""Payments over HTTP: to one invoice, over many, allocated later, reversed."""

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources import listing
from api.resources.invoices import path_of
from api.shapes import views
from api.shapes.queries import PaymentQuery
from api.translation import rendering
from invoicing_domain.categories import INVOICE, PAYMENT
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.payment.commands import (
    RecordPayment,
)
from invoicing_domain.requests.bodies import InvoicePaymentBody, PaymentBody
from invoicing_domain.requests.commands import invoice_payment, payment
from invoicing_domain.service import Outcome


def rendered(outcome: Outcome) -> views.PaymentView:
    return rendering.payment(outcome.stream_id, *outcome.of(outcome.stream_id))


class InvoicePayments(Resource):
    @operation(
        Operation(
            summary="Record a payment to this invoice; the rest is customer credit, a known external reference 200",
            permission=Permission.WRITE_INVOICES,
            body=InvoicePaymentBody,
            answer=views.InvoiceView,
            status=201,
            writes=True,
            also=(200,),
            refusals=("not_found", "invoice_not_sent", "external_reference_reused", "exchange_rate_missing"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: InvoicePaymentBody = call.body
        found = self._doors.find(call, "invoice", document)

        def command() -> RecordPayment:
            invoice = sent_of(self._doors.known(INVOICE, found).state)
            return invoice_payment(body, found, invoice, self._doors.asker(call))

        def render(outcome: Outcome) -> views.InvoiceView:
            state, version, position = outcome.of(found)
            return rendering.invoice(found, state, call.context.today, version, position)

        self._doors.execute(
            call, resp, command, render=render, status=201, location=lambda _: path_of(found), about=found
        )


class Payments(Resource):
    @operation(
        Operation(
            summary="Record a payment over many invoices; the rest is customer credit, a known external reference 200",
            permission=Permission.WRITE_INVOICES,
            body=PaymentBody,
            answer=views.PaymentView,
            status=201,
            writes=True,
            also=(200,),
            refusals=(
                "allocation_exceeds_balance",
                "allocations_exceed_payment",
                "customer_mismatch",
                "external_reference_reused",
                "exchange_rate_missing",
            ),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._doors.execute(
            call,
            resp,
            lambda: payment(call.body, self._doors.asker(call)),
            render=rendered,
            status=201,
            location=lambda view: f"/api/v1/payments/{view['id']}",
        )

    @operation(
        Operation(
            summary="List payments",
            permission=Permission.READ_LISTS,
            query=PaymentQuery,
            answer=views.PaymentsView,
            waits_for=("payment_list",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        listing.payments(self._doors, req, resp)


class Payment(Resource):
    @operation(
        Operation(
            summary="A payment",
            permission=Permission.READ_DOCUMENTS,
            answer=views.PaymentView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found = self._doors.find(call_of(req), "payment", document)
        loaded = self._doors.load(PAYMENT, found)
        if loaded.state is not None:
            view = rendering.payment(found, loaded.state, loaded.version, loaded.position)
            send(resp, view, version=loaded.version)
