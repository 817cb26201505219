"""Proformas: one row each."""
