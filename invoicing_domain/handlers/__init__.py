"""Handlers: for each command, what it loads, which decision is taken, which streams get the facts."""
