"""Whether a process is alive: its loops turn, whatever they meet; one that hangs is found."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import httpx
import psycopg
import pytest

from deploy.pulse import Pulse
from deploy.watch import Watched, watching
from tests.support.processes import wait_until
from tests.support.reminders import free_port
from workers.loop import run_forever

AT_ONCE, LATER = -1.0, 3600.0
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@contextmanager
def meanwhile(work: Thread, stop: Event) -> Iterator[None]:
    work.start()
    try:
        yield
    finally:
        stop.set()
        work.join()


def test_a_loop_that_does_not_ask_whether_it_is_to_stop_hangs() -> None:
    pulse = Pulse(Event(), AT_ONCE)
    assert pulse.trouble is not None
    assert pulse.trouble.startswith("has stood still for ")
    assert Pulse(Event(), LATER).trouble is None


@pytest.mark.parametrize("seconds", [LATER, None])
def test_to_sleep_is_not_to_hang_however_long_it_lasts(seconds: float | None) -> None:
    stop = Event()
    pulse = Pulse(stop, 0.0)
    with meanwhile(Thread(target=pulse.wait, args=(seconds,)), stop):
        wait_until(lambda: pulse.trouble is None)
    assert pulse.is_set()


def test_a_loop_that_fails_again_and_again_is_alive() -> None:
    passes: list[int] = []
    stop = Event()
    pulse = Pulse(stop, LATER)

    def once(_: Event) -> None:
        passes.append(1)
        raise psycopg.OperationalError("the database is away")

    loop = Thread(target=run_forever, args=(once, pulse), kwargs={"name": "jobs", "interval_seconds": 0.001})
    with meanwhile(loop, stop):
        wait_until(lambda: len(passes) > 2)
        assert pulse.trouble is None


def asked(pulses: dict[str, Pulse], path: str) -> tuple[int, dict[str, Any]]:
    address = f"127.0.0.1:{free_port()}"
    watched = Watched(NOWHERE, [], pulses=pulses, roles={"relay": lambda: "standby"}, stop=Event())
    with watching(address, watched):
        answer = httpx.get(f"http://{address}{path}", trust_env=False, timeout=30)
    return answer.status_code, json.loads(answer.text)


def test_a_process_is_alive_without_a_database_and_not_with_a_loop_that_hangs() -> None:
    status, told = asked({"relay": Pulse(Event(), LATER)}, "/health/live")
    assert (status, told["status"], told["checks"]) == (200, "ok", {"relay": "ok"})
    assert told["silent_seconds"]["relay"] >= 0
    status, told = asked({"relay": Pulse(Event(), LATER), "jobs": Pulse(Event(), AT_ONCE)}, "/health/live")
    assert (status, told["status"], told["checks"]["relay"]) == (503, "unavailable", "ok")
    assert told["checks"]["jobs"].startswith("has stood still")


def test_readiness_says_which_of_several_a_process_is() -> None:
    status, told = asked({}, "/health/ready")
    assert (status, told["roles"]) == (503, {"relay": "standby"})
    assert "does not answer" in told["checks"]["store"]
