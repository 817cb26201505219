"""Recurring invoices over HTTP: schedules, what came of them, and billing what is due now."""

import falcon

from api.doors import Doors, Resource, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes.issuing_bodies import GeneratedQuery, ReasonBody, RecurringBody, RecurringPatch, RecurringQuery
from api.shapes.issuing_views import GeneratedListView, RecurringsView, RecurringView, RunView
from api.translation import issuing_rendering as rendering
from api.translation.issuing_parsing import plan_of, recurring_changes
from api.translation.paging import checked, link
from invoicing_domain.categories import RECURRING
from invoicing_domain.model.identity import stream_id
from invoicing_domain.model.recurring.commands import PauseRecurring, ResumeRecurring, ScheduleRecurring
from invoicing_domain.model.recurring.events import InvoiceGenerated
from invoicing_domain.recurrence import Billing
from invoicing_domain.service import Outcome
from projections.recurring_list import query as recurring_list


def _rendered(outcome: Outcome) -> RecurringView:
    return rendering.recurring(outcome.stream_id, *outcome.of(outcome.stream_id))


class RecurringInvoices(Resource):
    @operation(
        Operation(
            summary="Schedule an invoice that comes again; at most one for each period, for ever",
            permission=Permission.WRITE_INVOICES,
            body=RecurringBody,
            answer=RecurringView,
            status=201,
            writes=True,
            refusals=("rhythm_invalid", "recurring_start_invalid", "recurring_without_lines", "recurring_dated"),
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
            location=lambda view: f"/api/v1/recurring-invoices/{view['id']}",
        )

    def _command(self, call: Call) -> ScheduleRecurring:
        plan, registers = plan_of(call.body, call, self._doors)
        reference = self._doors.new(call, "recurring_invoice")
        return ScheduleRecurring(
            recurring_id=stream_id("recurring_invoice", call.organization_id, reference),
            reference=reference,
            plan=plan,
            registers=registers,
        )

    @operation(
        Operation(
            summary="List recurring invoices, the newest first",
            permission=Permission.READ_LISTS,
            query=RecurringQuery,
            answer=RecurringsView,
            refusals=("not_found",),
            waits_for=("recurring_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: RecurringQuery = call.query
        customer_id = None if query.customer_id is None else self._doors.find(call, "customer", query.customer_id)
        with self._doors.reading() as connection:
            page = checked(
                lambda: recurring_list.list_recurring(
                    connection,
                    call.organization_id,
                    status=query.status,
                    customer_id=customer_id,
                    limit=query.limit,
                    after=query.after,
                )
            )
        data = tuple(rendering.recurring(row.stream_id, row.state, row.version, row.position) for row in page.rows)
        link(req, resp, page.next)
        send(resp, RecurringsView(data=data, has_more=page.next is not None, next=page.next))


class RecurringInvoice(Resource):
    @operation(
        Operation(
            summary="A recurring invoice",
            permission=Permission.READ_DOCUMENTS,
            answer=RecurringView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found = self._doors.find(call_of(req), "recurring_invoice", document)
        loaded = self._doors.load(RECURRING, found)
        if loaded.state is not None:
            view = rendering.recurring(found, loaded.state, loaded.version, loaded.position)
            send(resp, view, version=loaded.version)

    @operation(
        Operation(
            summary="Change a schedule for the periods that are not settled yet",
            permission=Permission.WRITE_INVOICES,
            body=RecurringPatch,
            answer=RecurringView,
            writes=True,
            refusals=("not_found", "rhythm_invalid", "recurring_start_invalid", "recurring_dated"),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "recurring_invoice", document)
        self._doors.execute(
            call, resp, lambda: recurring_changes(found, call.body, call, self._doors), render=_rendered
        )


class RecurringPausing(Resource):
    @operation(
        Operation(
            summary="Pause: from today on no period is billed, and those of the pause never will be",
            permission=Permission.WRITE_INVOICES,
            body=ReasonBody,
            body_optional=True,
            answer=RecurringView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: ReasonBody = call.body
        found = self._doors.find(call, "recurring_invoice", document)
        command = PauseRecurring(recurring_id=found, reason=body.reason or call.context.reason or "")
        self._doors.execute(call, resp, lambda: command, render=_rendered)


class RecurringResuming(Resource):
    @operation(
        Operation(
            summary="Resume: billing goes on with the periods from today on",
            permission=Permission.WRITE_INVOICES,
            body=ReasonBody,
            body_optional=True,
            answer=RecurringView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        body: ReasonBody = call.body
        found = self._doors.find(call, "recurring_invoice", document)
        command = ResumeRecurring(recurring_id=found, reason=body.reason or call.context.reason or "")
        self._doors.execute(call, resp, lambda: command, render=_rendered)


class RecurringRun(Resource):
    def __init__(self, doors: Doors) -> None:
        super().__init__(doors)
        self._billing = Billing(doors.ledger, doors.service)

    @operation(
        Operation(
            summary=(
                "Bill what is due now, without waiting for the worker; needs no key: a period that has its invoice "
                "never gets another"
            ),
            permission=Permission.WRITE_INVOICES,
            answer=RunView,
            refusals=("not_found", "contended"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "recurring_invoice", document)
        self._doors.load(RECURRING, found)
        billed = self._billing.run(found, call.context)
        loaded = self._doors.load(RECURRING, found)
        if loaded.state is None:
            return
        generated = tuple(
            rendering.generated(
                InvoiceGenerated(
                    period=one.period, date=call.context.today, invoice_id=one.invoice_id, problem=one.problem
                )
            )
            for one in billed
        )
        view = rendering.recurring(found, loaded.state, loaded.version, loaded.position)
        send(resp, RunView(generated=generated, recurring=view), version=loaded.version)
        resp.set_header("Izvor-Position", str(max([loaded.position, *(one.position for one in billed)])))


class GeneratedInvoices(Resource):
    @operation(
        Operation(
            summary="The invoices that came of a schedule, period by period",
            permission=Permission.READ_DOCUMENTS,
            query=GeneratedQuery,
            answer=GeneratedListView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        query: GeneratedQuery = call.query
        found = self._doors.find(call, "recurring_invoice", document)
        self._doors.load(RECURRING, found)
        facts = [one.fact for one in reversed(self._doors.ledger.history(found))]
        wanted = [
            rendering.generated(fact)
            for fact in facts
            if isinstance(fact, InvoiceGenerated) and (query.before is None or fact.period < query.before)
        ]
        send(resp, GeneratedListView(data=tuple(wanted[: query.limit]), has_more=len(wanted) > query.limit))
