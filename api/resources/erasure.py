"""Erasing the personal data of a customer over HTTP."""

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes import bodies, views
from api.translation.customers import erasure_view
from invoicing_domain.model.customer.commands import EraseCustomer
from invoicing_domain.service import Outcome
from projections.receivable_movements.query import documents_of


class CustomerErasure(Resource):
    @operation(
        Operation(
            summary="Erase the personal data of a customer for good; documents that the law wants kept stay whole",
            permission=Permission.ADMINISTER,
            body=bodies.ErasureBody,
            answer=views.ErasureView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "customer", document)
        self._doors.execute(
            call,
            resp,
            lambda: EraseCustomer(customer_id=found, reason=call.body.reason),
            render=lambda outcome: self._rendered(call, outcome),
        )

    def _rendered(self, call: Call, outcome: Outcome) -> views.ErasureView:
        with self._doors.reading() as connection:
            kept = documents_of(connection, call.organization_id, outcome.stream_id)
        return erasure_view(outcome.stream_id, outcome.streams[outcome.stream_id], kept)
