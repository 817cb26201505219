"""The rules of invoicing as pure functions over frozen facts, commands and states."""
