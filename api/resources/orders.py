"""Accepted sales orders over HTTP: each becomes one invoice, however often and from however many sides it is told."""

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.resources.invoices import path_of, rendered
from api.shapes import views
from invoicing_domain.requests.bodies import FromOrderBody
from invoicing_domain.requests.commands import invoice_order


class InvoicesFromOrders(Resource):
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
        self._doors.execute(
            call,
            resp,
            lambda: invoice_order(body, self._doors.asker(call)),
            render=lambda outcome: rendered(call, outcome),
            status=201,
            location=lambda view: path_of(view["id"]),
        )
