"""Invoices as lists show them: one flat row each."""
