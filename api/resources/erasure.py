"""Erasing the personal data of a customer over HTTP."""

import falcon

from api.doors import Resource, behind
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes import bodies, views
from api.translation.customers import erasure_view
from invoicing_domain.model.customer.commands import EraseCustomer
from invoicing_domain.service import Outcome
from projections.feed import head
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

        def command() -> EraseCustomer:
            self._wait_for_documents()
            return EraseCustomer(customer_id=found, reason=call.body.reason)

        self._doors.execute(call, resp, command, render=lambda outcome: self._rendered(call, outcome))

    def _wait_for_documents(self) -> None:
        """What is kept is told from a list, once and for ever: it has to know every document before."""
        with self._doors.reading() as connection:
            if not self._doors.shows(connection, ("receivable_movements",), head(connection)):
                raise behind("what has to be kept cannot be told yet; nothing is erased: try again")

    def _rendered(self, call: Call, outcome: Outcome) -> views.ErasureView:
        with self._doors.reading() as connection:
            kept = documents_of(connection, call.organization_id, outcome.stream_id)
        return erasure_view(outcome.stream_id, outcome.streams[outcome.stream_id], kept)
