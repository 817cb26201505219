"""Refusal: the one way in which the business says no."""

from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """A command was understood and turned down; nothing has changed.

    `code` is stable and meant for machines, `message` is one sentence for people, `facts` are the values that
    explain it (all JSON-ready). Doors translate it: HTTP to a problem, Kafka to a refused result.
    """

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts: Mapping[str, object] = facts

    def about(self, part: str, **facts: object) -> "Refusal":
        """The same, saying which of many like parts it is about."""
        return Refusal(self.code, f"{part}: {self.message}", **self.facts, **facts)
