"""Deliveries to a webhook endpoint over HTTP: what was tried and answered, and once more."""

import falcon

from api.doors import Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import Call, call_of
from api.entrance.operations import Operation, operation
from api.entrance.problems import invalid
from api.resources.webhooks import load, rendered
from api.shapes import webhook_shapes as shapes
from api.translation import webhooks as translation
from api.translation.paging import link
from invoicing_domain.model.webhook_endpoint.commands import RequestWebhookReplay
from invoicing_domain.model.webhook_endpoint.events import Message
from projections.jobs import deliveries
from projections.jobs.deliveries import Delivery

_LONGEST_ID = 18


class WebhookDeliveries(Resource):
    @operation(
        Operation(
            summary="What was sent to an endpoint, the newest first, with every attempt and its answer",
            permission=Permission.READ_SETUP,
            query=shapes.DeliveryQuery,
            answer=shapes.DeliveriesView,
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        query: shapes.DeliveryQuery = call.query
        before = None if query.after is None else _id_in(query.after)
        if query.after is not None and before is None:
            raise invalid("after", "is no cursor of this list")
        endpoint_id = load(self._doors, call, document)[0]
        with self._doors.reading() as connection:
            found = deliveries.list_deliveries(
                connection, call.organization_id, endpoint_id, before=before, limit=query.limit + 1
            )
        shown = found[: query.limit]
        after = str(shown[-1].id) if len(found) > query.limit else None
        link(req, resp, after)
        data = tuple(translation.delivery(one) for one in shown)
        send(resp, shapes.DeliveriesView(data=data, has_more=after is not None, next=after))


class WebhookReplaying(Resource):
    @operation(
        Operation(
            summary="Send the same once more, under the same `webhook-id`, as a delivery of its own",
            permission=Permission.ADMINISTER,
            answer=shapes.WebhookEndpointView,
            status=202,
            writes=True,
            refusals=("not_found", "webhook_endpoint_disabled"),
        )
    )
    def on_post(self, req: falcon.Request, resp: falcon.Response, document: str, delivery: str) -> None:
        call = call_of(req)
        endpoint_id = self._doors.find(call, "webhook_endpoint", document)

        def command() -> RequestWebhookReplay:
            found = self._found(call, endpoint_id, delivery)
            message = Message(event_id=found.event_id, type=found.type, position=found.position)
            return RequestWebhookReplay(endpoint_id=endpoint_id, message=message)

        self._doors.execute(call, resp, command, render=rendered, status=202)

    def _found(self, call: Call, endpoint_id: str, delivery: str) -> Delivery:
        delivery_id = _id_in(delivery)
        if delivery_id is not None:
            with self._doors.reading() as connection:
                found = deliveries.find_delivery(connection, call.organization_id, endpoint_id, delivery_id)
            if found is not None:
                return found
        raise missing("delivery")


def _id_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else None
