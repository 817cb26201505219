"""Doors inward: HTTP requests to commands, queries to JSON, pages for people."""
