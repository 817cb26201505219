"""Logging of every process, to standard error: JSON, one line an entry; for people at a terminal the same as text."""

import logging
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import orjson

from deploy.redaction import LONGEST_TRACE, cut, one_line, redacted
from invoicing_domain import tracing
from invoicing_domain.mentions import mentioned

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


class JsonLines(logging.Formatter):
    """For whoever collects logs."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._always = {"service": service, "version": version("izvor")}

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry: dict[str, object] = {
            "ts": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": one_line(record.getMessage()),
            **self._always,
            **_facts(record),
        }
        if record.exc_info:
            entry["exception"] = one_line(self.formatException(record.exc_info), LONGEST_TRACE)
        return orjson.dumps(entry).decode()


class TextLines(logging.Formatter):
    """For people: what belongs to a line stands at its end; a trace keeps its lines."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        at = self.formatTime(record)
        text = f"{at} {record.levelname:7} {record.name}: {one_line(record.getMessage())}{facts}"
        if record.exc_info:
            trace = cut(redacted(self.formatException(record.exc_info)), LONGEST_TRACE)
            text += "\n" + "\n".join(one_line(line, LONGEST_TRACE) for line in trace.split("\n"))
        return text


def configure(level: str, service: str = "izvor") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines() if sys.stderr.isatty() else JsonLines(service))
    handler.addFilter(OnceInAWhile())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("kafka").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def _facts(record: logging.LogRecord) -> Mapping[str, object]:
    """What the line is about: what its thread works for, and what was handed in as `extra={"facts": ...}`."""
    facts = {**tracing.mentioned(), **mentioned(), **getattr(record, "facts", {})}
    return {name: one_line(value) if isinstance(value, str) else value for name, value in facts.items()}
