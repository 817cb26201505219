"""Signatures by Standard Webhooks 1.0.0: what a receiver checks before it believes a body."""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Iterable[bytes]) -> Mapping[str, str]:
    """One signature for each secret: while an old one retires, either verifies."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
