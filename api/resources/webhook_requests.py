"""What is asked of a webhook endpoint over HTTP: another secret, on, off, a test."""

import secrets

import falcon

from api.doors import Resource
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.webhooks import SALT_BYTES, ask, show_secret, with_salt
from api.shapes import webhook_shapes as shapes
from invoicing_domain.model.webhook_endpoint import commands


class WebhookSecretRotation(Resource):
    @operation(
        Operation(
            summary="Another secret, shown this once; the one before signs too for 24 hours",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        found = self._doors.find(call, "webhook_endpoint", document)
        salt = secrets.token_hex(SALT_BYTES)
        command = commands.RotateWebhookSecret(endpoint_id=found, salt=salt)
        self._doors.execute(call, resp, lambda: command, render=with_salt)
        show_secret(self._doors, resp)


class WebhookEnabling(Resource):
    @operation(
        Operation(
            summary="Send facts there (again), from now on; what was missed is in `GET /events`",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        ask(self._doors, req, resp, document, lambda found: commands.EnableWebhookEndpoint(endpoint_id=found))


class WebhookDisabling(Resource):
    @operation(
        Operation(
            summary="Send nothing there until it is enabled",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        detail = call_of(req).context.reason or ""
        ask(
            self._doors,
            req,
            resp,
            document,
            lambda found: commands.DisableWebhookEndpoint(endpoint_id=found, reason="asked", detail=detail),
        )


class WebhookTesting(Resource):
    @operation(
        Operation(
            summary="Send an event of type `webhook.test` there, also while it is disabled; see its deliveries",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            status=202,
            writes=True,
            refusals=("not_found",),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        ask(
            self._doors,
            req,
            resp,
            document,
            lambda found: commands.RequestWebhookTest(endpoint_id=found),
            status=202,
        )
