"""The native routes of webhook endpoints, one line each."""

from api.doors import Doors
from api.resources import history, webhook_deliveries, webhook_requests, webhooks


def webhook_routes(doors: Doors, prefix: str) -> dict[str, object]:
    return {
        f"{prefix}/webhook-endpoints": webhooks.WebhookEndpoints(doors),
        f"{prefix}/webhook-endpoints/{{document}}": webhooks.WebhookEndpointDoor(doors),
        f"{prefix}/webhook-endpoints/{{document}}/rotate-secret": webhook_requests.WebhookSecretRotation(doors),
        f"{prefix}/webhook-endpoints/{{document}}/enable": webhook_requests.WebhookEnabling(doors),
        f"{prefix}/webhook-endpoints/{{document}}/disable": webhook_requests.WebhookDisabling(doors),
        f"{prefix}/webhook-endpoints/{{document}}/test": webhook_requests.WebhookTesting(doors),
        f"{prefix}/webhook-endpoints/{{document}}/history": history.DocumentHistory(doors, "webhook_endpoint"),
        f"{prefix}/webhook-endpoints/{{document}}/deliveries": webhook_deliveries.WebhookDeliveries(doors),
        f"{prefix}/webhook-endpoints/{{document}}/deliveries/{{delivery}}/replay": webhook_deliveries.WebhookReplaying(
            doors
        ),
    }
