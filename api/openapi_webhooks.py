"""What the OpenAPI document tells receivers of webhooks: what comes, and how to know that it is from here."""

from typing import Final

WEBHOOKS: Final = """

## Receiving webhooks

What is recorded is sent to each of `/webhook-endpoints` whose filter lets it through, as Standard Webhooks has it:

    {"type": "invoice.sent", "timestamp": "2026-11-24T08:00:00Z", "data": {"id": "...", "type": "invoice.sent",
     "organization": "...", "subject": "ID OF THE INVOICE", "position": 4711, "version": 3, "data": {THE FACT}}}

Answer 2xx within 15 seconds, then work. Anything else is tried again for three days, 410 never; after five days
without a good answer the endpoint is disabled. It comes at least once, in no promised order: `webhook-id` is the same
each time, `position` grows with the order of recording. Verify the signature over the bytes as they came:

    import base64, hashlib, hmac, time

    def verify(secret, headers, body):                       # secret: "whsec_..."
        key = base64.b64decode(secret.removeprefix("whsec_"))
        message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        if abs(time.time() - int(timestamp)) > 300:
            raise ValueError("too old")
        signed = b".".join([message_id.encode(), timestamp.encode(), body])
        expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if not any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split()):
            raise ValueError("not from Izvor")
"""
