"""Reminders over HTTP: asked for now, held, resumed, and the days on which they go out by themselves."""

import falcon

from api.doors import Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.invoices import rendered
from api.shapes import bodies, views
from api.shapes.settings_shapes import ReminderSettingsBody, ReminderSettingsView
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.commands import HoldReminders, RequestReminder, ResumeReminders
from invoicing_domain.model.organization.commands import ChangeOrganization
from invoicing_domain.model.organization.state import Organization


class InvoiceReminders(Resource):
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


class ReminderHold(Resource):
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


class ReminderSettings(Resource):
    @operation(
        Operation(
            summary="After how many days overdue customers are reminded",
            permission=Permission.READ_DOCUMENTS,
            answer=ReminderSettingsView,
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        loaded = self._doors.load(ORGANIZATION, StreamId(call_of(req).organization_id))
        if loaded.state is None:
            raise missing("organization")
        send(resp, _settings(loaded.state, loaded.version), version=loaded.version)

    @operation(
        Operation(
            summary="Change after how many days overdue customers are reminded; of what was sent, nothing changes",
            permission=Permission.ADMINISTER,
            body=ReminderSettingsBody,
            answer=ReminderSettingsView,
            writes=True,
            refusals=("reminder_steps_invalid",),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._doors.execute(
            call,
            resp,
            lambda: ChangeOrganization(
                organization_id=StreamId(call.organization_id), changes={"reminder_steps": call.body.steps}
            ),
            render=lambda outcome: _settings(outcome.state, outcome.version),
        )
        self._doors.organizations.forget(call.organization_id)


def _settings(of: Organization, version: int) -> ReminderSettingsView:
    return ReminderSettingsView(steps=of.profile.reminder_steps, version=version)
