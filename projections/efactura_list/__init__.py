"""Submissions to e-Factura, and the answers to them."""
