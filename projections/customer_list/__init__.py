"""Customers: who may be invoiced."""
