"""Which facts want a paper before anybody asks."""

from datetime import timedelta

import pytest

from tests.support.facts import NOW
from tests.support.samples import SAMPLES
from workers.policies.papers import FRESH_FOR, wanted


@pytest.mark.parametrize("fact", SAMPLES.values(), ids=lambda fact: type(fact).__qualname__)
def test_what_was_sent_or_issued_wants_one_and_nothing_else_does(fact: object) -> None:
    expected = {"Sent": "invoice", "Issued": "credit_note"}.get(type(fact).__name__)
    assert wanted(fact, NOW, NOW) == expected
    assert wanted(fact, NOW, NOW + FRESH_FOR) == expected
    assert wanted(fact, NOW, NOW + FRESH_FOR + timedelta(seconds=1)) is None
