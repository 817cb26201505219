"""Accepted sales orders over HTTP: each becomes one invoice, however often and from however many sides it is told."""

from dataclasses import replace

import falcon

from api.doors import Doors
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem, invalid
from api.resources.invoices import path_of, rendered
from api.shapes import bodies, views
from api.shapes.issuing_bodies import FromOrderBody
from api.translation import parsing
from invoicing_domain.model.identity import order_id, stream_id
from invoicing_domain.model.invoice.commands import DraftInvoice
from invoicing_domain.model.invoice.events import OrderReference
from invoicing_domain.model.order.commands import InvoiceOrder


class InvoicesFromOrders:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary=(
                "The invoice of an accepted sales order, sent at once with `send`. The id of the order is its identity:"
                " told again, whatever else the body says, the same invoice comes back as it is (200)"
            ),
            permission=Permission.WRITE_DRAFTS,
            body=FromOrderBody,
            answer=views.InvoiceView,
            status=201,
            also=(200,),
            writes=True,
            refusals=("order_id_missing", "invoice_without_lines", "series_not_found", "series_closed"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        body: FromOrderBody = call.body
        if body.send and not call.access.may(Permission.WRITE_INVOICES):
            raise Problem(403, "forbidden", f"the role {call.access.role} may not send invoices: leave out `send`")
        if not body.send and (body.deliver != "none" or body.series or body.exchange):
            raise invalid("/send", "deliver, series and exchange are about sending: they count only with send")
        self._doors.execute(
            call,
            resp,
            lambda: self._command(call, body),
            render=lambda outcome: rendered(call, outcome),
            status=201,
            location=lambda view: path_of(view["id"]),
        )

    def _command(self, call: Call, body: FromOrderBody) -> InvoiceOrder:
        profile = call.organization.profile
        lines = parsing.lines(body.lines, profile.address.country)
        customer, registers = parsing.buyer(body, call, self._doors)
        order = OrderReference(id=body.order.id, number=body.order.number or body.order.id, date=body.order.date)
        sending = bodies.SendBody(deliver=body.deliver, series=body.series, exchange=body.exchange)
        reference = self._doors.new(call, "invoice")
        draft = DraftInvoice(
            invoice_id=stream_id("invoice", call.organization_id, reference),
            reference=reference,
            header=replace(parsing.header(body, customer, profile), order=order),
            lines=lines,
            series=profile.invoice_series,
            sending=parsing.sending(call, sending) if body.send else None,
            registers=registers,
        )
        return InvoiceOrder(order_id=order_id(call.organization_id, order.id), order=order, draft=draft)
