"""Payments: money received, and which invoices took it."""
