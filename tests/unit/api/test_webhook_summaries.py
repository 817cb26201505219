"""Everything about webhook endpoints is told in a sentence."""

import pytest

from api.translation.summaries import summary
from tests.support.samples import SAMPLES

SENTENCES = {
    "WebhookEndpointRegistered": ("Webhooks registered: invoice.sent, payment.* to https://erp.atelier.example/izvor"),
    "WebhookEndpointChanged": "Webhooks changed: invoice.sent, payment.* to https://erp.atelier.example/izvor",
    "WebhookSecretRotated": "Secret rotated; the one before signs too until 2026-11-23 09:00 UTC",
    "WebhookEndpointDisabled": "Webhooks disabled, nothing was accepted for days: answered 503",
    "WebhookEndpointEnabled": "Webhooks enabled",
    "WebhookEndpointRemoved": "Webhooks removed",
    "WebhookTestRequested": "Test asked for",
    "WebhookReplayRequested": "Asked to send invoice.sent (5bd5b7c2-9d3f-5a34-8a39-6a1f1d0f5f44) once more",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_fact_is_told_in_a_sentence(name: str) -> None:
    assert summary(next(one for kind, one in SAMPLES.items() if kind.__name__ == name)) == SENTENCES[name]


def test_none_is_left_out() -> None:
    assert {kind.__name__ for kind in SAMPLES if "webhook_endpoint" in kind.__module__} == set(SENTENCES)
