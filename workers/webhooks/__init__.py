"""Outgoing webhooks: facts sent to the company's own systems, signed."""
