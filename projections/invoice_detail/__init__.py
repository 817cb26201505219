"""Invoices in full: the domain's own state, folded ahead of time."""
