"""Traces: what a header says, what goes on without OpenTelemetry, and what spans say with it."""

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from invoicing_domain import spans
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.tracing import (
    Trace,
    begin,
    following,
    headers,
    linked_span,
    mentioned,
    span,
    tell,
    trace_of,
    traceparent,
)
from tests.support.processes import ROOT
from tests.support.traces import ASKED, OTHER, SPAN_ID, TRACE_ID, kept_spans

MALFORMED = [
    "",
    "00",
    f"00-{TRACE_ID}-{SPAN_ID}",
    f"00-{TRACE_ID}-{SPAN_ID}-1",
    f"00-{TRACE_ID}-{SPAN_ID}-01-more",
    f"00-{TRACE_ID.upper()}-{SPAN_ID}-01",
    f"00-{'0' * 32}-{SPAN_ID}-01",
    f"00-{TRACE_ID}-{'0' * 16}-01",
    f"ff-{TRACE_ID}-{SPAN_ID}-01",
    f"00-{TRACE_ID}-{SPAN_ID}-01\n",
    f" {ASKED}",
    f"{ASKED},{ASKED}",
    f"00-{'٣' * 32}-{SPAN_ID}-01",
    "x" * 10_000,
]


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    return kept_spans(monkeypatch)


@pytest.fixture(autouse=True)
def untraced() -> None:
    """What other tests left beside this thread."""
    begin(None)


def test_a_header_names_a_place_in_a_trace() -> None:
    assert trace_of(ASKED) == Trace(TRACE_ID, SPAN_ID, "01")
    assert str(trace_of(ASKED)) == ASKED


def test_a_later_version_may_say_more_which_is_left_out() -> None:
    assert str(trace_of(f"01-{TRACE_ID}-{SPAN_ID}-01-and-more")) == ASKED
    assert trace_of(f"01-{TRACE_ID}-{SPAN_ID}-01andmore") is None


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_malformed_is_no_trace(text: str) -> None:
    begin(text)
    assert (trace_of(text), traceparent(), headers(), mentioned()) == (None, None, {}, {})


def test_a_trace_goes_on_through_the_work_that_it_asked_for_and_no_further() -> None:
    begin(ASKED)
    with span("command", {}):
        assert headers() == {"traceparent": ASKED}
    with following(OTHER):
        assert traceparent() == OTHER
    with following(None):
        assert traceparent() is None
    assert mentioned() == {"trace_id": TRACE_ID, "span_id": SPAN_ID}
    begin(None)
    assert traceparent() is None


def test_work_with_one_cause_goes_on_in_its_trace_and_work_with_several_in_none() -> None:
    for causes, expected in (([OTHER, None, OTHER], OTHER), ([ASKED, OTHER], None), ([None, "nonsense"], None)):
        with linked_span("attempt", {}, causes):
            assert traceparent() == expected


def test_without_opentelemetry_all_of_it_works() -> None:
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from invoicing_domain.tracing import begin, linked_span, span, tell, traceparent\n"
        "begin(sys.argv[1])\n"
        "with span('command', {}):\n"
        "    tell('a', 'b'); print(traceparent())\n"
        "with linked_span('attempt', {}, [sys.argv[2]]):\n"
        "    print(traceparent())\n"
    )
    told = subprocess.run([sys.executable, "-c", code, ASKED, OTHER], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.decode().split() == [ASKED, OTHER]


def test_a_span_hangs_below_the_request_and_what_it_hands_on_below_the_span(exporter: InMemorySpanExporter) -> None:
    begin(ASKED)
    with span("command SendInvoice", {spans.COMMAND: "SendInvoice"}):
        tell(spans.OUTCOME, "accepted")
        handed_on = trace_of(traceparent())
    (made,) = exporter.get_finished_spans()
    assert (made.name, made.parent and made.parent.span_id) == ("command SendInvoice", int(SPAN_ID, 16))
    assert handed_on == Trace(TRACE_ID, f"{made.context.span_id:016x}", "01")
    assert dict(made.attributes or {}) == {spans.COMMAND: "SendInvoice", spans.OUTCOME: "accepted"}
    assert traceparent() == ASKED


def test_work_that_comes_later_is_a_trace_of_its_own_that_points_to_its_causes(exporter: InMemorySpanExporter) -> None:
    begin(ASKED)
    with linked_span("send izvor.events", {}, [ASKED, None, OTHER, ASKED], "PRODUCER"):
        assert trace_of(traceparent()) not in {None, trace_of(ASKED), trace_of(OTHER)}
    (made,) = exporter.get_finished_spans()
    assert made.parent is None
    assert [f"{link.context.trace_id:032x}" for link in made.links] == [TRACE_ID, OTHER.split("-")[1]]


def test_of_an_error_a_span_tells_the_type_and_nothing_of_what_it_says(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Popescu"), span("command", {}):
        raise ValueError("Ion Popescu")
    (made,) = exporter.get_finished_spans()
    assert (made.status.status_code, made.status.description, made.events) == (StatusCode.ERROR, None, ())
    assert (made.attributes or {})[spans.ERROR] == "ValueError"


def test_a_refusal_is_an_answer_and_no_error(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(Refusal), span("command", {}):
        raise Refusal("invoice_already_sent", "it was sent")
    (made,) = exporter.get_finished_spans()
    assert made.status.status_code is StatusCode.UNSET
    assert (made.attributes or {})[spans.REFUSAL] == "invoice_already_sent"
