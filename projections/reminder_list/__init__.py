"""Reminders that left the house."""
