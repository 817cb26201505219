"""Proformas over HTTP: offers in the shape of an invoice, until one becomes an invoice."""

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.resources.invoices import path_of, rendered
from api.shapes import views
from api.shapes.issuing_bodies import ProformaQuery, ProformaSendBody, ReasonBody
from api.shapes.issuing_views import ProformasView, ProformaView
from api.translation import issuing_rendering as rendering
from api.translation.paging import checked, link
from invoicing_domain.categories import PROFORMA
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.organization.state import as_seller
from invoicing_domain.model.proforma.commands import CancelProforma, DraftProforma, InvoiceProforma, SendProforma
from invoicing_domain.requests import commands, values
from invoicing_domain.requests.bodies import InvoiceBody
from invoicing_domain.service import Outcome
from projections.proforma_list import query as proforma_list


def _rendered(outcome: Outcome) -> ProformaView:
    return rendering.proforma(outcome.stream_id, *outcome.of(outcome.stream_id))


class Proformas(Resource):
    @operation(
        Operation(
            summary="Start a proforma: the body of an invoice, no fiscal effect",
            permission=Permission.WRITE_DRAFTS,
            body=InvoiceBody,
            answer=ProformaView,
            status=201,
            writes=True,
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._doors.execute(
            call,
            resp,
            lambda: self._command(call),
            render=_rendered,
            status=201,
            location=lambda view: f"/api/v1/proformas/{view['id']}",
        )

    def _command(self, call: Call) -> DraftProforma:
        body: InvoiceBody = call.body
        asker = self._doors.asker(call)
        lines = values.lines(body.lines, asker.home)
        customer, registers = commands.buyer(body, asker)
        reference = asker.new("proforma")
        return DraftProforma(
            proforma_id=stream_id("proforma", call.organization_id, reference),
            reference=reference,
            header=commands.header(body, customer, asker),
            lines=lines,
            registers=registers,
        )

    @operation(
        Operation(
            summary="List proformas, the newest first",
            permission=Permission.READ_LISTS,
            query=ProformaQuery,
            answer=ProformasView,
            refusals=("not_found",),
            waits_for=("proforma_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: ProformaQuery = call.query
        customer_id = None if query.customer_id is None else self._doors.find(call, "customer", query.customer_id)
        with self._doors.reading() as connection:
            page = checked(
                lambda: proforma_list.list_proformas(
                    connection,
                    call.organization_id,
                    status=query.status,
                    customer_id=customer_id,
                    limit=query.limit,
                    after=query.after,
                )
            )
        data = tuple(rendering.proforma(row.stream_id, row.state, row.version, row.position) for row in page.rows)
        link(req, resp, page.next)
        send(resp, ProformasView(data=data, has_more=page.next is not None, next=page.next))


class Proforma(Resource):
    @operation(
        Operation(
            summary="A proforma",
            permission=Permission.READ_DOCUMENTS,
            answer=ProformaView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found = self._doors.find(call_of(req), "proforma", document)
        loaded = self._doors.load(PROFORMA, found)
        if loaded.state is not None:
            view = rendering.proforma(found, loaded.state, loaded.version, loaded.position)
            send(resp, view, version=loaded.version)


class ProformaSending(Resource):
    @operation(
        Operation(
            summary="Send: the proforma gets a number of its own series",
            permission=Permission.WRITE_DRAFTS,
            body=ProformaSendBody,
            body_optional=True,
            answer=ProformaView,
            writes=True,
            refusals=("not_found", "proforma_already_sent", "proforma_cancelled", "proforma_invoiced"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: ProformaSendBody = call.body
        profile = call.organization.profile
        found = self._doors.find(call, "proforma", document)
        command = SendProforma(
            proforma_id=found,
            series=body.series or profile.proforma_series,
            seller=as_seller(call.organization),
            default_terms_days=profile.payment_terms_days,
            opens=body.series in {None, profile.proforma_series},
        )
        self._doors.execute(call, resp, lambda: command, render=_rendered)


class ProformaCancelling(Resource):
    @operation(
        Operation(
            summary="Cancel a proforma; it can still be read",
            permission=Permission.WRITE_DRAFTS,
            body=ReasonBody,
            body_optional=True,
            answer=ProformaView,
            writes=True,
            refusals=("not_found", "proforma_invoiced"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: ReasonBody = call.body
        found = self._doors.find(call, "proforma", document)
        command = CancelProforma(proforma_id=found, reason=body.reason or call.context.reason or "")
        self._doors.execute(call, resp, lambda: command, render=_rendered)


class ProformaInvoicing(Resource):
    @operation(
        Operation(
            summary="The invoice of a proforma: a draft with what it says; asked again, the same invoice (200)",
            permission=Permission.WRITE_DRAFTS,
            answer=views.InvoiceView,
            status=201,
            also=(200,),
            writes=True,
            refusals=("not_found", "proforma_cancelled"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "proforma", document)

        def command() -> InvoiceProforma:
            reference = self._doors.new(call, "invoice")
            invoice_id = stream_id("invoice", call.organization_id, reference)
            return InvoiceProforma(proforma_id=found, invoice_id=invoice_id, reference=reference)

        self._doors.execute(
            call,
            resp,
            command,
            render=lambda outcome: rendered(call, outcome),
            status=201,
            location=lambda view: path_of(view["id"]),
        )
