"""Everything dies at once in the middle of a burst, and is started again: what was acknowledged is there, once."""

import time
from pathlib import Path

from tests.support.burst import Burst, judge, under_load
from tests.support.processes import wait_until
from tests.support.stack import Stack, lines, quiet_port

CLIENTS = 16


def test_kill_9_of_every_process_loses_doubles_and_halves_nothing(tmp_path: Path) -> None:
    with Stack(tmp_path, quiet_port()) as stack:

        def cut_the_power(burst: Burst) -> None:
            for round_number in (1, 2):
                enough = round_number * 6 * CLIENTS
                wait_until(lambda: len(burst.acknowledged) > enough, 180)  # noqa: B023 - used before it changes
                assert stack.kill_everything() > 10
                unanswered = burst.unanswered
                wait_until(lambda: burst.unanswered > unanswered)  # noqa: B023 - used before it changes
                stack.start()
            time.sleep(1)

        burst = under_load(stack, CLIENTS, cut_the_power, "c")
        assert burst.unanswered > 0
        assert any(one.attempts > 1 for one in burst.acknowledged)
        feed = judge(burst)

        agreed = stack.izvor("check")
        assert (agreed.returncode, agreed.stderr) == (0, ""), agreed.stdout
        told = stack.izvor("replay", feed.numbers[-1], "--json")
        types = [entry["type"] for entry in lines(told.stdout)]
        assert [one for one in types if one != "invoice.document_produced/1"] == [
            "invoice.drafted/1",
            "invoice.line_added/1",
            "invoice.line_added/1",
            "invoice.sent/1",
            "invoice.payment_received/1",
        ]
        assert stack.stop() == 0
        assert stack.left_behind() == []
