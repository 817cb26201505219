"""Traces at the doors: what a request came with stands in its facts and its log line, and nothing malformed does."""

import json
import logging

import pytest

from deploy.logs import JsonLines
from invoicing_domain.tracing import begin
from tests.support.house import Company, House
from tests.support.traces import ASKED, SPAN_ID, TRACE_ID, kept_spans


@pytest.fixture
def company(house: House) -> Company:
    begin(None)
    return house.company()


def recorded(company: Company, traceparent: str | None) -> set[str | None]:
    """What stands in the facts of an invoice that was drafted in this trace."""
    headers = {} if traceparent is None else {"traceparent": traceparent}
    draft = company.admin.ask("POST", "/invoices", {"customer": {"name": "Client SRL"}}, headers=headers).json
    facts = company.admin.get(f"/invoices/{draft['id']}/events").json["data"]
    return {fact["meta"]["traceparent"] for fact in facts}


def test_the_trace_of_a_request_stands_in_its_facts(company: Company) -> None:
    assert recorded(company, ASKED) == {ASKED}


@pytest.mark.parametrize(
    "text", [None, "", "nonsense", f"ff{ASKED[2:]}", ASKED.upper(), ASKED + "0", f"{ASKED}, {ASKED}"]
)
def test_without_a_trace_or_with_a_malformed_one_a_request_is_answered_all_the_same(
    company: Company, text: str | None
) -> None:
    recorded(company, ASKED)
    assert recorded(company, text) == {None}


def test_the_line_of_a_request_names_its_trace(house: House, caplog: pytest.LogCaptureFixture) -> None:
    formatted: list[dict[str, str]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            formatted.append(json.loads(JsonLines("api").format(record)))

    watch, kept = logging.getLogger("api.watch"), Kept()
    watch.addHandler(kept)
    try:
        with caplog.at_level(logging.INFO, logger="api.watch"):
            house.client.simulate_get("/api/v1/invoices", headers={"traceparent": ASKED})
            house.client.simulate_get("/api/v1/invoices")
    finally:
        watch.removeHandler(kept)
    asked, unasked = formatted
    assert (asked["trace_id"], asked["span_id"]) == (TRACE_ID, SPAN_ID)
    assert "trace_id" not in unasked


def test_with_an_sdk_facts_point_to_the_span_of_their_command(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = kept_spans(monkeypatch)
    (stored,) = recorded(company, ASKED)
    names = [span.name for span in exporter.get_finished_spans()]
    (command,) = (span for span in exporter.get_finished_spans() if span.name == "command DraftInvoice")
    assert command.parent is not None, names
    assert (command.parent.span_id, command.parent.is_remote) == (int(SPAN_ID, 16), True)
    assert stored == f"00-{TRACE_ID}-{command.context.span_id:016x}-01"
    assert {"izvor.command", "izvor.organization", "izvor.outcome"} == set(command.attributes or {})
