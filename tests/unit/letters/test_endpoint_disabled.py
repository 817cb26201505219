"""The letter about a webhook endpoint that is sent nothing any more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from invoicing_domain.letters.endpoint_disabled import EndpointDisabledMail, render_endpoint_disabled
from invoicing_domain.model.party import Language

LETTER = EndpointDisabledMail(
    language="en",
    company="Atelierul Ștefan & Fiii SRL",
    time_zone="Europe/Bucharest",
    reference=3,
    url="https://erp.example/hooks?a=1&b=<2>",
    description="ERP <test>",
    reason="failing",
    answer="answered 503",
    disabled_at=datetime(2026, 7, 6, 9, 0, tzinfo=UTC),
    failing_since=datetime(2026, 7, 1, 21, 30, tzinfo=UTC),
    position=4711,
    api="https://facturi.example",
)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_text_and_page_say_the_same(language: Language) -> None:
    content = render_endpoint_disabled(replace(LETTER, language=language))
    for said in (
        "503",
        "POST https://facturi.example/api/v1/webhook-endpoints/3/test",
        "POST https://facturi.example/api/v1/webhook-endpoints/3/enable",
        "GET https://facturi.example/api/v1/events?after=4711",
    ):
        assert said in content.text
        assert said in content.html
    assert LETTER.url in content.text
    assert "https://erp.example/hooks?a=1&amp;b=&lt;2&gt;" in content.html
    assert "<test>" not in content.html


def test_moments_are_those_of_the_company_s_calendar() -> None:
    said = render_endpoint_disabled(LETTER).text
    assert "has accepted nothing since 2 July 2026, 00:30" in said
    assert "Disabled: 6 July 2026, 12:00" in said


def test_what_is_not_known_is_not_said() -> None:
    said = render_endpoint_disabled(replace(LETTER, failing_since=None, description="", api="")).text
    assert "Failing since" not in said
    assert "Description" not in said
    assert "\nPOST /api/v1/webhook-endpoints/3/enable\n" in said
