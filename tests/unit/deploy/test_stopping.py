"""A process that is told to stop stops, whatever it was at when the signal came."""

import time
from threading import Thread

from deploy.stopping import Told
from tests.support.processes import finish, line_of, python

AT_EVERY_MOMENT = """
import os, signal, sys
from threading import Timer
from deploy.stopping import told_to_stop

def tell():
    os.kill(os.getpid(), signal.SIGTERM)

def wait_and_be_told_after(steps):
    left = [steps]
    def step(*_):
        left[0] -= 1
        if not left[0]:
            sys.settrace(None)
            tell()
        return step
    stop, late = told_to_stop(), Timer(0.1, tell)  # late: when it sleeps before it has made so many steps
    late.start()
    sys.settrace(step)
    assert stop.wait()
    sys.settrace(None)
    late.join()

for steps in range(1, 40):
    wait_and_be_told_after(steps)
print("stopped", flush=True)
"""


def test_a_signal_is_heard_at_every_step_on_the_way_to_sleep() -> None:
    process = python(AT_EVERY_MOMENT)
    try:
        process.wait(timeout=60)
        assert line_of(process) == "stopped"
    finally:
        finish(process)


def test_all_who_sleep_are_woken_and_nobody_sleeps_any_more() -> None:
    stop = Told()
    sleepers = [Thread(target=stop.wait, args=(seconds,)) for seconds in (None, 3600.0)]
    for one in sleepers:
        one.start()
    assert not stop.is_set()
    stop.set()
    for one in sleepers:
        one.join()
    assert stop.is_set()
    assert stop.wait()


def test_a_sleep_ends_by_itself() -> None:
    before = time.monotonic()
    assert not Told().wait(0.01)
    assert not Told().wait(-1)
    assert time.monotonic() - before >= 0.01
