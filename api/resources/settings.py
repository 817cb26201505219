"""The organization and the sandbox clock over HTTP."""

from datetime import datetime
from typing import Final

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import Problem, invalid
from api.shapes import bodies, views
from api.translation import parties, rendering
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.organization.commands import ChangeOrganization

LAST_YEAR: Final = 2200
"""Calendars end somewhere: a sandbox that was sent beyond would never answer again."""


class Organization(Resource):
    @operation(
        Operation(
            summary="The organization of the token",
            permission=Permission.READ_DOCUMENTS,
            answer=views.OrganizationView,
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        loaded = self._doors.load(ORGANIZATION, StreamId(call.organization_id))
        if loaded.state is not None:
            view = rendering.organization(call.organization_id, loaded.state, loaded.version)
            send(resp, view, version=loaded.version)

    @operation(
        Operation(
            summary="Change the organization's settings",
            permission=Permission.ADMINISTER,
            body=bodies.OrganizationPatch,
            answer=views.OrganizationView,
            writes=True,
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        self._doors.execute(
            call,
            resp,
            lambda: ChangeOrganization(
                organization_id=StreamId(call.organization_id),
                changes=parties.organization_changes(call.body, call.organization.profile),
            ),
            render=lambda outcome: rendering.organization(outcome.stream_id, outcome.state, outcome.version),
        )
        self._doors.organizations.forget(call.organization_id)


class SandboxClock(Resource):
    """Only routed when the stack was started with a test clock."""

    @operation(Operation(summary="The sandbox's time", permission=Permission.READ_LISTS, answer=views.TestClockView))
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        send(resp, views.TestClockView(now=self._doors.clock.now()))

    @operation(
        Operation(
            summary="Move the sandbox's time forward",
            permission=Permission.ADMINISTER,
            body=bodies.TestClockBody,
            answer=views.TestClockView,
            refusals=("clock_backwards",),
        )
    )
    def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
        body: bodies.TestClockBody = call_of(req).body
        try:
            to = datetime.fromisoformat(body.now)
        except ValueError:
            raise invalid("/now", "is an instant, such as 2026-12-24T08:00:00Z") from None
        if to.tzinfo is None:
            raise invalid("/now", "needs a zone, such as Z or +02:00")
        if to.year > LAST_YEAR:
            raise invalid("/now", f"is in the year {LAST_YEAR} or before")
        if self._doors.test_clock is None or not self._doors.test_clock.set(to):
            raise Problem(409, "clock_backwards", "the clock only moves forward")
        send(resp, views.TestClockView(now=self._doors.clock.now()))
