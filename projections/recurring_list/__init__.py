"""Recurring invoices: one row each, and when the next one is due."""
