"""Invoices over HTTP: drafts, their lines, sending, and reading now or as of then."""

from collections.abc import Iterator
from contextlib import contextmanager

import falcon

from api.doors import Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem
from api.resources import listing
from api.shapes import bodies, views
from api.shapes.queries import InvoiceQuery, PointInTime
from api.translation import parsing, rendering
from api.translation.past import invoice_as_of
from invoicing_domain.categories import INVOICE
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import DiscardDraft, ReviseDraft, SendInvoice
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.requests.bodies import InvoiceBody, LineBody, SendBody
from invoicing_domain.requests.commands import draft, sending
from invoicing_domain.requests.values import line
from invoicing_domain.service import Outcome


def rendered(call: Call, outcome: Outcome) -> views.InvoiceView:
    state, version, position = outcome.of(outcome.stream_id)
    return rendering.invoice(outcome.stream_id, state, call.context.today, version, position, home_of(call))


def home_of(call: Call) -> str:
    """The country of the seller."""
    return call.organization.profile.address.country


def path_of(stream: str) -> str:
    return f"/api/v1/invoices/{stream}"


class Invoices(Resource):
    @operation(
        Operation(
            summary="Start a draft",
            permission=Permission.WRITE_DRAFTS,
            body=InvoiceBody,
            answer=views.InvoiceView,
            status=201,
            writes=True,
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._doors.execute(
            call,
            resp,
            lambda: draft(call.body, self._doors.asker(call)),
            render=lambda outcome: rendered(call, outcome),
            status=201,
            location=lambda view: path_of(view["id"]),
        )

    @operation(
        Operation(
            summary="List, filter and sort invoices",
            permission=Permission.READ_LISTS,
            query=InvoiceQuery,
            answer=views.InvoicesView,
            waits_for=("invoice_list",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        listing.invoices(self._doors, req, resp)


class Invoice(Resource):
    @operation(
        Operation(
            summary="An invoice now, or as of a date, as known at an instant, or at a version",
            permission=Permission.READ_DOCUMENTS,
            query=PointInTime,
            answer=views.InvoiceView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        point: PointInTime = call.query
        if point.is_now:
            loaded = self._doors.load(INVOICE, found)
            state, version, position, day = loaded.state, loaded.version, loaded.position, call.context.today
            if state is not None and state.phase == "discarded":
                raise Problem(404, "not_found", "this draft was discarded; its history can still be read")
        else:
            state, version, position, day = invoice_as_of(self._doors, call, found, point)
        if state is None:
            raise missing("invoice")
        send(resp, rendering.invoice(found, state, day, version, position, home_of(call)), version=version)

    @operation(
        Operation(
            summary="Change a draft",
            permission=Permission.WRITE_DRAFTS,
            body=bodies.InvoicePatch,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_already_sent"),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: ReviseDraft(invoice_id=found, changes=parsing.header_changes(call.body, call, self._doors)),
            render=lambda outcome: rendered(call, outcome),
        )

    @operation(
        Operation(
            summary="Discard a draft: it is gone for everybody but those who read its history",
            permission=Permission.WRITE_DRAFTS,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_already_sent"),
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: DiscardDraft(invoice_id=found, reason=call.context.reason or ""),
            render=lambda outcome: rendered(call, outcome),
        )


class InvoiceLines(Resource):
    @operation(
        Operation(
            summary="Add a line to a draft",
            permission=Permission.WRITE_DRAFTS,
            body=LineBody,
            answer=views.InvoiceView,
            status=201,
            writes=True,
            refusals=("not_found", "invoice_already_sent"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: ReviseDraft(invoice_id=found, added=(line(call.body, "", home_of(call)),)),
            render=lambda outcome: rendered(call, outcome),
            status=201,
        )


@contextmanager
def _line_of_the_path() -> Iterator[None]:
    """A line that a path names and the draft has not: there is nothing at that address."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code == "line_not_found":
            raise missing("line") from None
        raise


class InvoiceLine(Resource):
    @operation(
        Operation(
            summary="Change a line of a draft",
            permission=Permission.WRITE_DRAFTS,
            body=bodies.LinePatch,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_already_sent"),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response, document: str, line_id: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        with _line_of_the_path():
            self._doors.execute(
                call,
                resp,
                lambda: ReviseDraft(
                    invoice_id=found, changed=((line_id, parsing.line_changes(call.body, home_of(call))),)
                ),
                render=lambda outcome: rendered(call, outcome),
            )

    @operation(
        Operation(
            summary="Remove a line from a draft",
            permission=Permission.WRITE_DRAFTS,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_already_sent"),
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str, line_id: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        with _line_of_the_path():
            self._doors.execute(
                call,
                resp,
                lambda: ReviseDraft(invoice_id=found, removed=(line_id,)),
                render=lambda outcome: rendered(call, outcome),
            )


class InvoiceSending(Resource):
    @operation(
        Operation(
            summary="Send: the draft gets its legal number and is frozen",
            permission=Permission.WRITE_INVOICES,
            body=SendBody,
            body_optional=True,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_already_sent", "invoice_without_lines", "number_not_next"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found: StreamId = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: SendInvoice(invoice_id=found, sending=sending(call.body, call.organization)),
            render=lambda outcome: rendered(call, outcome),
        )
