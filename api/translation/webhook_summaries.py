"""One sentence per fact about webhook endpoints, for timelines."""

from invoicing_domain.model.webhook_endpoint import events

_WHY = {
    "asked": "on request",
    "gone": "the receiver says that it is gone",
    "failing": "nothing was accepted for days",
}


def webhook_summary(fact: object) -> str | None:
    """What a fact of these says; None for any other."""
    match fact:
        case events.WebhookEndpointRegistered(subscription=to):
            return f"Webhooks registered: {_which(to)} to {to.url}"
        case events.WebhookEndpointChanged(subscription=to):
            return f"Webhooks changed: {_which(to)} to {to.url}"
        case events.WebhookSecretRotated():
            return f"Secret rotated; the one before signs too until {fact.previous_until:%Y-%m-%d %H:%M} UTC"
        case events.WebhookEndpointDisabled():
            return f"Webhooks disabled, {_WHY[fact.reason]}{f': {fact.detail}' if fact.detail else ''}"
        case events.WebhookEndpointEnabled():
            return "Webhooks enabled"
        case events.WebhookEndpointRemoved():
            return "Webhooks removed"
        case events.WebhookTestRequested():
            return "Test asked for"
        case events.WebhookReplayRequested():
            return f"Asked to send {fact.message.type} ({fact.message.event_id}) once more"
        case _:
            return None


def _which(to: events.Subscription) -> str:
    return ", ".join(to.events) or "everything"
