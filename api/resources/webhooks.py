"""Webhook endpoints over HTTP: where the company's own systems are told what is recorded."""

import secrets
from collections.abc import Callable
from typing import Final

import falcon
import msgspec

from api.doors import Doors, Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.shapes import webhook_shapes as shapes
from api.shapes.queries import PageQuery
from api.translation import webhooks as translation
from api.translation.paging import checked, link
from invoicing_domain.categories import WEBHOOK_ENDPOINT
from invoicing_domain.model.identity import StreamId, stream_id
from invoicing_domain.model.webhook_endpoint import commands
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from invoicing_domain.recording.application import Loaded
from invoicing_domain.service import Outcome
from projections.webhook_endpoint_list import query as endpoint_list

SALT_BYTES: Final = 16


def load(doors: Doors, call: Call, document: str) -> tuple[StreamId, Loaded[WebhookEndpoint], WebhookEndpoint]:
    """The caller's endpoint as it is now; 404 also for one that was removed."""
    found = doors.find(call, "webhook_endpoint", document)
    loaded = doors.load(WEBHOOK_ENDPOINT, found)
    if loaded.state is None or loaded.state.removed:
        raise missing("webhook_endpoint")
    return found, loaded, loaded.state


def rendered(outcome: Outcome) -> shapes.WebhookEndpointView:
    return translation.endpoint(outcome.stream_id, *outcome.of(outcome.stream_id))


def with_salt(outcome: Outcome) -> shapes.WebhookEndpointView:
    """The answer as it is kept: with the salt in the place of the secret."""
    return msgspec.structs.replace(rendered(outcome), secret=outcome.state.salt)


def show_secret(doors: Doors, resp: falcon.Response) -> None:
    """The answer as it leaves, also when it is repeated: with the secret that follows from the salt."""
    view = msgspec.json.decode(resp.data or b"", type=shapes.WebhookEndpointView)
    secret = doors.webhook_secrets.text(view.id, view.secret or "")
    resp.data = msgspec.json.encode(msgspec.structs.replace(view, secret=secret))


class WebhookEndpoints(Resource):
    @operation(
        Operation(
            summary="Have facts sent to a URL; the answer shows the secret that signs them, this once",
            permission=Permission.ADMINISTER,
            body=shapes.WebhookEndpointBody,
            answer=shapes.WebhookEndpointView,
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
            render=with_salt,
            status=201,
            location=lambda view: f"/api/v1/webhook-endpoints/{view['id']}",
        )
        show_secret(self._doors, resp)

    def _command(self, call: Call) -> commands.RegisterWebhookEndpoint:
        subscription = translation.subscription_of(call.body, self._doors.outside)
        reference = self._doors.new(call, "webhook_endpoint")
        return commands.RegisterWebhookEndpoint(
            endpoint_id=stream_id("webhook_endpoint", call.organization_id, reference),
            reference=reference,
            subscription=subscription,
            salt=secrets.token_hex(SALT_BYTES),
        )

    @operation(
        Operation(
            summary="List webhook endpoints, the newest first",
            permission=Permission.READ_SETUP,
            query=PageQuery,
            answer=shapes.WebhookEndpointsView,
            waits_for=("webhook_endpoint_list",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: PageQuery = call.query
        with self._doors.reading() as connection:
            page = checked(
                lambda: endpoint_list.list_endpoints(
                    connection, call.organization_id, limit=query.limit, after=query.after
                )
            )
        data = tuple(translation.endpoint(row.stream_id, row.state, row.version, row.position) for row in page.rows)
        link(req, resp, page.next)
        send(resp, shapes.WebhookEndpointsView(data=data, has_more=page.next is not None, next=page.next))


class WebhookEndpointDoor(Resource):
    @operation(
        Operation(
            summary="A webhook endpoint, without its secret",
            permission=Permission.READ_SETUP,
            answer=shapes.WebhookEndpointView,
            refusals=("not_found",),
            tagged=True,
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        found, loaded, state = load(self._doors, call_of(req), document)
        send(resp, translation.endpoint(found, state, loaded.version, loaded.position), version=loaded.version)

    @operation(
        Operation(
            summary="Change where facts are sent, or which",
            permission=Permission.ADMINISTER,
            body=shapes.WebhookEndpointPatch,
            answer=shapes.WebhookEndpointView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_patch(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "webhook_endpoint", document)
        self._doors.execute(
            call,
            resp,
            lambda: commands.ChangeWebhookEndpoint(
                endpoint_id=found, changes=translation.changes_of(call.body, self._doors.outside)
            ),
            render=rendered,
        )

    @operation(
        Operation(
            summary="Remove it: nothing is sent there any more; the log of deliveries stays in the jobs",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_delete(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        ask(self._doors, req, resp, document, lambda found: commands.RemoveWebhookEndpoint(endpoint_id=found))


def ask(
    doors: Doors,
    req: falcon.Request,
    resp: falcon.Response,
    document: str,
    command: Callable[[StreamId], object],
    status: int = 200,
) -> None:
    """Run a command that needs nothing but the endpoint of the path."""
    call = call_of(req)
    found = doors.find(call, "webhook_endpoint", document)
    doors.execute(call, resp, lambda: command(found), render=rendered, status=status)
