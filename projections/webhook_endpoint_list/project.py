"""From facts to the state of each webhook endpoint, by the domain's own fold."""

from operator import attrgetter
from typing import Final, get_args

from invoicing_domain.model.webhook_endpoint.events import WebhookEndpointFact, WebhookEndpointRegistered
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint, evolve
from projections.states import keeping

MODEL: Final = keeping(
    WebhookEndpoint,
    "webhook_endpoint_list",
    identity="endpoint_id",
    facts=get_args(WebhookEndpointFact),
    begins=WebhookEndpointRegistered,
    evolve=evolve,
    asked_by={"reference": attrgetter("reference"), "status": attrgetter("status")},
)
