"""Customers over HTTP."""

import falcon

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.resources import listing
from api.shapes import bodies, views
from api.shapes.queries import CustomerQuery
from api.translation import parties
from api.translation.customers import customer_view
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.model.customer.commands import ChangeCustomer, ProfileChanges, RegisterCustomer
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.requests.bodies import CustomerBody
from invoicing_domain.requests.values import profile as profile_of
from invoicing_domain.service import Outcome
from projections.receivable_movements.query import customer_balance


def _rendered(doors: Doors, call: Call, outcome: Outcome) -> views.CustomerView:
    with doors.reading() as connection:
        balances = customer_balance(connection, call.organization_id, outcome.stream_id)
    return customer_view(
        outcome.stream_id, outcome.streams[outcome.stream_id], balances, call.organization.profile.currency
    )


class Customers(Resource):
    @operation(
        Operation(
            summary="Register a customer",
            permission=Permission.WRITE_DRAFTS,
            body=CustomerBody,
            answer=views.CustomerView,
            status=201,
            writes=True,
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)

        def command() -> RegisterCustomer:
            profile = profile_of(call.body)
            reference = self._doors.new(call, "customer")
            return RegisterCustomer(
                customer_id=stream_id("customer", call.organization_id, reference),
                reference=reference,
                profile=profile,
            )

        self._doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: _rendered(self._doors, call, outcome),
            status=201,
            location=lambda view: f"/api/v1/customers/{view['id']}",
        )

    @operation(
        Operation(
            summary="List customers",
            permission=Permission.READ_LISTS,
            query=CustomerQuery,
            answer=views.CustomersView,
            waits_for=("customer_list", "receivable_movements"),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        listing.customers(self._doors, req, resp)


class Customer(Resource):
    @operation(
        Operation(
            summary="A customer, with balance and credit",
            permission=Permission.READ_DOCUMENTS,
            answer=views.CustomerView,
            waits_for=("receivable_movements",),
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "customer", document)
        loaded = self._doors.load(CUSTOMER, found)
        with self._doors.reading() as connection:
            balances = customer_balance(connection, call.organization_id, found)
        answer = customer_view(found, loaded, balances, call.organization.profile.currency)
        send(resp, answer, version=loaded.version)

    @operation(
        Operation(
            summary="Change a customer; documents keep the snapshot they were made with",
            permission=Permission.WRITE_DRAFTS,
            body=bodies.CustomerPatch,
            answer=views.CustomerView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "customer", document)
        self._doors.execute(
            call,
            resp,
            lambda: ChangeCustomer(customer_id=found, changes=self._changes(call, found)),
            render=lambda outcome: _rendered(self._doors, call, outcome),
        )

    def _changes(self, call: Call, customer_id: StreamId) -> ProfileChanges:
        known = self._doors.known(CUSTOMER, customer_id).state
        if known is None:
            raise missing("customer")
        return parties.profile_changes(call.body, known.profile)
