"""The loop around a worker."""

import logging
from threading import Event

import pytest

from workers.loop import LONGEST_PAUSE_SECONDS, pause_after, run_forever


def test_the_loop_goes_on_after_errors_and_ends_when_told(caplog: pytest.LogCaptureFixture) -> None:
    passes: list[int] = []

    def once(stop: Event) -> None:
        passes.append(len(passes))
        if len(passes) == 3:
            stop.set()
        raise RuntimeError("the database is gone")

    with caplog.at_level(logging.ERROR):
        run_forever(once, Event(), name="reminders", interval_seconds=0.001)
    assert passes == [0, 1, 2]
    assert "the database is gone" in caplog.text


def test_a_loop_that_is_stopped_before_it_starts_does_nothing() -> None:
    stop = Event()
    stop.set()
    run_forever(lambda _: pytest.fail("called"), stop, name="reminders")


def test_failures_lengthen_the_pause_up_to_a_limit() -> None:
    assert [pause_after(failures, 1.0) for failures in (0, 1, 2, 3)] == [1.0, 2.0, 4.0, 8.0]
    assert pause_after(1000, 60.0) == LONGEST_PAUSE_SECONDS
    assert pause_after(0, 3600.0) == 3600.0
