"""Webhook endpoints: one row each."""
