"""The write side's only contact with the event library and the database."""
