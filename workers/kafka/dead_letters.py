"""Dead letters: messages that can never succeed, as they came, with where from and why."""

from importlib.metadata import version
from typing import Any, Final

from workers.kafka.records import Headers

PREFIX: Final = "izvor_dead_"


class Poison(Exception):  # noqa: N818 - names what was met
    """A message that can never succeed. The text says nothing personal: it goes into a header and a log."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def dead_letter(record: Any, group: str, poison: Poison) -> Headers:
    """The headers of the record, and ours; those of an earlier death make room."""
    told = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "consumer": group,
        "reason": poison.reason,
        "error": poison.detail,
        "release": version("izvor"),
    }
    kept = [(name, value or b"") for name, value in record.headers if not name.startswith(PREFIX)]
    return [*kept, *((PREFIX + name, value.encode()) for name, value in told.items())]
