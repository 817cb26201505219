"""A few rounds of what `make faults-kafka` does three hundred times."""

from pathlib import Path

import pytest

from tests.kafka.broker import Broker
from tests.support.faults import BROKER_EVERY, trial


@pytest.mark.timeout(600)
def test_whoever_is_killed_wherever_nothing_is_lost_and_nothing_done_twice(database: str, tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        verdict = trial(database, broker, rounds=BROKER_EVERY, seed=7)
    assert verdict.is_good, verdict
    assert verdict.kills == 2 * BROKER_EVERY
