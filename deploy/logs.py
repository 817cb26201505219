"""Logging of every process: one line an entry, to standard error."""

import logging
import sys
import time
from typing import Final

KAFKA_PAUSE_SECONDS: Final = 60.0
"""How often a complaint of the Kafka library may be repeated: it writes one at every attempt to connect."""


class OnceInAWhile(logging.Filter):
    """Lets each kind of line of the Kafka library through once a minute, and everything else as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("kafka"):
            return True
        now, kind = time.monotonic(), str(record.msg)
        if now < self._last.get(kind, -KAFKA_PAUSE_SECONDS) + KAFKA_PAUSE_SECONDS:
            return False
        self._last[kind] = now
        record.exc_info = record.exc_text = None  # the trace of a refused connection tells nobody anything
        return True


def configure(level: str) -> None:
    logging.basicConfig(
        level=level.upper(),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        force=True,
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(OnceInAWhile())
    logging.getLogger("kafka").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
