"""Reminders: who is due for one, and the job that sends it."""
