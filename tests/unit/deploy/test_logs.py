"""What ends up in the log, and what would only fill it."""

import logging

import pytest

from deploy.logs import OnceInAWhile


def line(name: str, text: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "", 0, text, ("node-1",), None)


@pytest.fixture
def judge() -> OnceInAWhile:
    return OnceInAWhile()


def test_the_library_of_kafka_complains_of_the_same_thing_once_a_minute(judge: OnceInAWhile) -> None:
    complaints = [line("kafka.net.connection", "%s is away") for _ in range(5)]
    assert [judge.filter(one) for one in complaints] == [True, False, False, False, False]
    assert judge.filter(line("kafka.consumer", "%s is something else"))


def test_nothing_of_our_own_is_held_back(judge: OnceInAWhile) -> None:
    assert all(judge.filter(line("workers.bridge.relay", "%s is away")) for _ in range(5))
