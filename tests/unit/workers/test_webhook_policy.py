"""When a webhook is tried again, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from workers.policies.webhooks import APART, ATTEMPTS, PAUSES, is_given_up, pause_after, retry_after

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_pauses_are_those_of_the_standard_give_or_take_a_tenth() -> None:
    assert ATTEMPTS == 10
    for attempt, pause in enumerate(PAUSES, start=1):
        assert pause_after(attempt, 0.5) == pause
        assert pause_after(attempt, 0) == pause * 0.9
        assert pause < pause_after(attempt, 0.999) < pause * 1.1
    assert pause_after(25, 0.5) == PAUSES[-1]


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    assert pause_after(1, 0.5, timedelta(minutes=10)) == timedelta(minutes=10)
    assert pause_after(5, 0.5, timedelta(seconds=1)) == timedelta(hours=5)
    assert pause_after(1, 0.5, timedelta(days=300)) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("9" * 4000, timedelta(hours=24)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Tue, 24 Nov 2026 09:30:00 GMT", timedelta(minutes=30)),
        ("Tue, 24 Nov 2026 08:30:00 GMT", timedelta(0)),
        ("Tue, 24 Nov 2026 09:30:00 -0000", None),
    ],
)
def test_retry_after_is_seconds_or_an_instant(text: str | None, asked: timedelta | None) -> None:
    assert retry_after(text, NOW) == asked


def test_five_days_are_enough() -> None:
    assert not is_given_up(NOW, NOW + timedelta(days=5) - timedelta(seconds=1))
    assert is_given_up(NOW, NOW + timedelta(days=5))


def test_no_pause_is_so_long_that_a_trouble_that_goes_on_would_count_as_two() -> None:
    assert max(pause_after(attempt, 1) for attempt in range(1, ATTEMPTS)) < APART
