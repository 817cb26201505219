"""One process after the other is killed while clients work: the service comes back by itself, and nothing is lost."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.support.burst import Burst, judge, under_load
from tests.support.processes import wait_until
from tests.support.stack import Stack, one, quiet_port, read_after

CLIENTS = 4
VICTIMS: dict[str, Callable[[Stack], list[int]]] = {
    "a process of the API": lambda stack: _servers(stack)[1:],
    "the head of the API": lambda stack: _servers(stack)[:1],
    "the projections": lambda stack: stack.children("deploy project"),
    "the workers": lambda stack: stack.children("deploy work"),
    "the database": lambda stack: stack.children("bin/postgres"),
    "a connection of the database": lambda stack: stack.children("postgres: izvor"),
}


def test_whatever_dies_alone_comes_back_by_itself(tmp_path: Path) -> None:
    with Stack(tmp_path, quiet_port()) as stack:

        def kill_one_after_the_other(burst: Burst) -> None:
            for find in VICTIMS.values():
                acknowledged = len(burst.acknowledged)
                wait_until(lambda: len(burst.acknowledged) > acknowledged + CLIENTS, 180)  # noqa: B023 - used at once
                _kill_and_await_another(stack, find)

        burst = under_load(stack, CLIENTS, kill_one_after_the_other, "d")
        feed = judge(burst)
        with stack.client() as client:
            position = client.get(f"/api/v1/invoices/{len(feed.drafted)}").json()["position"]
            newest = read_after(client, position, "/api/v1/invoices", limit="1")
            assert one(newest)["data"][0]["reference"] >= len(feed.drafted)
        stack.kill_head()
        stack.start()
        assert stack.izvor("check").returncode == 0
        assert stack.stop() == 0
        assert stack.left_behind() == []


def _kill_and_await_another(stack: Stack, find: Callable[[Stack], list[int]]) -> None:
    before = find(stack)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: set(find(stack)) - set(before) != set(), 180)
    stack.wait_until_ready()


def _servers(stack: Stack) -> list[int]:
    """The HTTP server names its processes itself where the system lets it (`setproctitle`, which comes with mutmut)."""
    return stack.children("[izvor-api]") or stack.children("deploy serve")
