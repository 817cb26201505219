"""Customers of the old dialect: registered, changed, listed, found; never deleted, since documents name them."""

import falcon

from api.entrance.access import Permission
from api.entrance.call import Call
from api.entrance.decoding import decode_query
from api.entrance.problems import Problem
from api.seed_dialect.answers import (
    CUSTOMER_ADDED,
    CUSTOMER_UPDATED,
    NATIVE,
    NO_DATA,
    NO_TERM,
    NOTHING_GIVEN,
    Added,
    Done,
    send,
)
from api.seed_dialect.columns import Columns, profile_columns
from api.seed_dialect.customer_forms import CustomerChange, NewCustomer, new_profile, profile_changes
from api.seed_dialect.desk import Desk
from api.seed_dialect.forms import form_of
from api.seed_dialect.lists import SearchQuery
from api.seed_dialect.paging import MOST_ROWS, Paging, shelf
from api.seed_dialect.structure import structure_of
from invoicing_domain.categories import CUSTOMER
from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.customer.state import Customer as State
from invoicing_domain.model.identity import StreamId, stream_id
from projections.customer_list import query as customer_list

SHOWN_IN = ("customer_list",)
KEY = "userid"


class Customers:
    """`/api/customers`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.WRITE_DRAFTS)
        form = form_of(structure_of(req), NewCustomer)
        call = self._desk.call(req, access, form)

        def command() -> RegisterCustomer:
            profile = new_profile(form)
            reference = self._desk.doors.new(call, "customer")
            customer_id = stream_id("customer", call.organization_id, reference)
            return RegisterCustomer(customer_id=customer_id, reference=reference, profile=profile)

        self._desk.doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: Added(message=CUSTOMER_ADDED, record_id=outcome.state.reference),
            status=201,
            location=lambda body: f"/api/customers/{body['record_id']}",
        )
        self._desk.finish(req, resp, SHOWN_IN)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, Paging)
        call = self._desk.call(req, access)

        def rows(sort: str, page: int, size: int) -> tuple[list[Columns], int]:
            return _rows(self._desk, call, sort, None, page, size)

        self._desk.listed(req, resp, shelf(query, resp, req.path, rows, KEY))


class CustomerSearch:
    """`/api/customers/search/{term}`: every word occurs in name, tax id, e-mail or address."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, term: str = "") -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        query = decode_query(req, SearchQuery)
        wanted = (term or query.q or query.query or "").strip()
        if not wanted:
            raise Problem(400, "bad_request", NO_TERM.replace("invoices", "customers"))
        found, _ = _rows(self._desk, self._desk.call(req, access), "reference", wanted, 1, MOST_ROWS)
        self._desk.listed(req, resp, found)


class Customer:
    """`/api/customers/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.READ_DOCUMENTS)
        call = self._desk.call(req, access)
        customer_id = self._known(call, document)[0]
        loaded = self._desk.doors.load(CUSTOMER, customer_id)
        made_at = self._desk.doors.ledger.history(customer_id, up_to_version=1)[0].meta.at
        resp.set_header("ETag", f'"{loaded.version}"')
        if loaded.state is not None:
            home = call.organization.profile
            send(resp, profile_columns(loaded.state.reference, loaded.state.profile, made_at, home))

    def on_put(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_DRAFTS)
        structure = structure_of(req)
        if not structure:
            raise Problem(406, "nothing_given", NOTHING_GIVEN)
        form = form_of(structure, CustomerChange)
        call = self._desk.call(req, access, form)

        def command() -> ChangeCustomer:
            customer_id, before = self._known(call, document)
            return ChangeCustomer(customer_id=customer_id, changes=profile_changes(form, before.profile))

        self._desk.doors.execute(call, resp, command, render=lambda _: Done(message=CUSTOMER_UPDATED))
        self._desk.finish(req, resp, SHOWN_IN)

    def on_delete(self, req: falcon.Request, _resp: falcon.Response, document: str) -> None:
        access = self._desk.admit(req, Permission.WRITE_DRAFTS)
        self._known(self._desk.call(req, access), document)
        raise Problem(
            409,
            "customer_kept",
            f"customer {document} stays: documents name customers, and history is never deleted",
            facts={"way_out": f"PATCH {NATIVE}/customers/{document}"},
        )

    def _known(self, call: Call, document: str) -> tuple[StreamId, State]:
        customer_id = self._desk.find(call, document, NO_DATA, "customer")
        state = self._desk.doors.ledger.load(CUSTOMER, customer_id).state
        if state is None:
            raise Problem(404, "not_found", NO_DATA)
        return customer_id, state


class CustomerDeletion:
    """`/api/delete/customers/{document}`."""

    def __init__(self, desk: Desk) -> None:
        self._customer = Customer(desk)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        self._customer.on_delete(req, resp, document)


def _rows(desk: Desk, call: Call, sort: str, q: str | None, page: int, size: int) -> tuple[list[Columns], int]:
    with desk.doors.reading() as connection:
        found, total = customer_list.numbered(
            connection, call.organization_id, q=q, sort=sort, page=page, per_page=size
        )
    home = call.organization.profile
    return [profile_columns(row.reference, row.profile, row.created_at, home) for row in found], total
