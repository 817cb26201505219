"""Reminders over HTTP: asked for now, held, resumed."""

import falcon

from api.doors import Doors
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.invoices import rendered
from api.shapes import bodies, views
from invoicing_domain.model.invoice.commands import HoldReminders, RequestReminder, ResumeReminders


class InvoiceReminders:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="Remind the customer by mail now; `reminder_requested` until it is sent, or cannot be (history)",
            permission=Permission.WRITE_INVOICES,
            answer=views.InvoiceView,
            status=202,
            writes=True,
            refusals=("not_found", "invoice_not_sent", "invoice_not_overdue", "customer_without_email"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: RequestReminder(invoice_id=found),
            render=lambda outcome: rendered(call, outcome),
            status=202,
        )


class ReminderHold:
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @operation(
        Operation(
            summary="Hold reminders for this invoice",
            permission=Permission.WRITE_INVOICES,
            body=bodies.HoldBody,
            body_optional=True,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_not_sent"),
        )
    )
    def on_put(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: HoldReminders(invoice_id=found, reason=call.body.reason),
            render=lambda outcome: rendered(call, outcome),
        )

    @operation(
        Operation(
            summary="Resume reminders for this invoice",
            permission=Permission.WRITE_INVOICES,
            answer=views.InvoiceView,
            writes=True,
            refusals=("not_found", "invoice_not_sent"),
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "invoice", document)
        self._doors.execute(
            call,
            resp,
            lambda: ResumeReminders(invoice_id=found, reason=call.context.reason or ""),
            render=lambda outcome: rendered(call, outcome),
        )
