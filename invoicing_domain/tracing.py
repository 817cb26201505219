"""Traces: to which one the work at hand belongs, taken from others and handed on as W3C `traceparent`.

Kept beside the thread, as what log lines mention is. Where the API of OpenTelemetry is installed (the extra `traces`),
pieces of work are spans, which do nothing until somebody brings an SDK; without it the trace that came in goes on as it
came. Spans say what was done and how it ended, never with which data: of an error they tell the type alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final, Literal

from invoicing_domain import spans
from invoicing_domain.model.refusal import Refusal

try:
    _otel: Any = import_module("opentelemetry.trace")
    _context: Any = import_module("opentelemetry.context")
except ImportError:
    _otel = _context = None

HEADER: Final = "traceparent"

Kind = Literal["INTERNAL", "PRODUCER", "CONSUMER"]
Attributes = Mapping[str, str | int | Sequence[str]]

# All zeros and version ff are invalid. Later versions may say more at the end, which is not for us.
_FORMAT: Final = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII
)
_FIRST_VERSION: Final = "00"
_RELEASE: Final = version("izvor")


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace, under which hangs what is done because of it."""

    trace_id: str
    span_id: str
    flags: str

    def __str__(self) -> str:
        return f"{_FIRST_VERSION}-{self.trace_id}-{self.span_id}-{self.flags}"


_current: Final[ContextVar[Trace | None]] = ContextVar("trace", default=None)


def trace_of(text: str | None) -> Trace | None:
    """What a `traceparent` says; nothing when it is malformed, for then nobody can know what was meant."""
    found = _FORMAT.fullmatch(text) if text else None
    if found is None or (found[1] == _FIRST_VERSION and found[5]):
        return None
    return Trace(found[2], found[3], found[4])


def traceparent() -> str | None:
    """The trace of the work at hand, for what is recorded of it and for whom it is handed to."""
    trace = _current.get()
    return None if trace is None else str(trace)


def headers() -> Mapping[str, str]:
    """What is sent along with something that leaves the house."""
    trace = traceparent()
    return {} if trace is None else {HEADER: trace}


def mentioned() -> Mapping[str, str]:
    """What a log line says of it."""
    trace = _current.get()
    return {} if trace is None else {"trace_id": trace.trace_id, "span_id": trace.span_id}


def begin(text: str | None) -> None:
    """Something new, asked for by somebody with this `traceparent`, or with none."""
    _current.set(trace_of(text))


@contextmanager
def following(text: str | None) -> Iterator[None]:
    """Work because of what was done in another trace, without a span of its own."""
    with _at(trace_of(text)):
        yield


@contextmanager
def span(name: str, attributes: Attributes, kind: Kind = "INTERNAL") -> Iterator[None]:
    """A piece of the work at hand."""
    with _made(name, attributes, kind, None) as trace, _at(trace or _current.get()):
        yield


@contextmanager
def linked_span(
    name: str, attributes: Attributes, causes: Sequence[str | None], kind: Kind = "INTERNAL"
) -> Iterator[None]:
    """Work that began somewhere else, perhaps hours ago: a trace of its own that points to its causes.

    Without OpenTelemetry the trace of a single cause goes on.
    """
    traces = [trace for trace in map(trace_of, dict.fromkeys(causes)) if trace is not None]
    only = traces[0] if len(traces) == 1 else None
    with _made(name, attributes, kind, traces) as trace, _at(trace or only):
        yield


def tell(name: str, value: str) -> None:
    """What has become known of the piece of work at hand."""
    if _otel is not None:
        _otel.get_current_span().set_attribute(name, value)


@contextmanager
def _at(trace: Trace | None) -> Iterator[None]:
    before = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(before)


@contextmanager
def _made(name: str, attributes: Attributes, kind: Kind, causes: Sequence[Trace] | None) -> Iterator[Trace | None]:
    """A span of OpenTelemetry; nothing where nobody makes any."""
    if _otel is None:
        yield None
        return
    beginning = _otel.get_tracer("izvor", _RELEASE).start_as_current_span(
        name,
        context=_below() if causes is None else _context.Context(),
        kind=_otel.SpanKind[kind],
        attributes=attributes,
        links=[_otel.Link(_place(cause)) for cause in causes or ()],
        record_exception=False,
        set_status_on_exception=False,
    )
    with beginning as made:
        try:
            yield _shown(made.get_span_context())
        except Refusal as no:
            made.set_attribute(spans.REFUSAL, no.code)
            raise
        except Exception as error:
            made.set_attribute(spans.ERROR, type(error).__qualname__)
            made.set_status(_otel.StatusCode.ERROR)
            raise


def _below() -> Any:
    """The span at hand, or the trace that came in; None stands for the former."""
    trace = _current.get()
    if trace is None or _otel.get_current_span().get_span_context().is_valid:
        return None
    return _otel.set_span_in_context(_otel.NonRecordingSpan(_place(trace)))


def _place(trace: Trace) -> Any:
    return _otel.SpanContext(
        int(trace.trace_id, 16),
        int(trace.span_id, 16),
        is_remote=True,
        trace_flags=_otel.TraceFlags(int(trace.flags, 16)),
    )


def _shown(place: Any) -> Trace | None:
    if not place.is_valid:
        return None
    return Trace(_otel.format_trace_id(place.trace_id), _otel.format_span_id(place.span_id), f"{place.trace_flags:02x}")
