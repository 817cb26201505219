"""Relay and consumer that die of kill -9 at a named point, in a process of their own."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Literal

from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.support.reminders import work_pool
from workers.bridge.consumer import CommandConsumer
from workers.bridge.dead_letters import DeadLetters
from workers.bridge.relay import Relay
from workers.kafka.cluster import Cluster
from workers.kafka.dead_letters import DeadLetter, DeadLetterOffice, Place
from workers.kafka.intake import Incoming, Intake, Outgoing
from workers.kafka.outlet import Outlet
from workers.kafka.reading import Reading
from workers.kafka.records import Record

RelayPoint = Literal["before_sending", "while_sending", "acknowledged", "never"]
ConsumerPoint = Literal["before_the_command", "recorded", "to_bury", "buried", "answered", "never"]
RELAY_POINTS: Final[Sequence[RelayPoint]] = ("before_sending", "while_sending", "acknowledged")
CONSUMER_POINTS: Final[Sequence[ConsumerPoint]] = ("before_the_command", "recorded", "to_bury", "buried", "answered")

SESSION_MS: Final = 1_500
"""The dead are missed soon, or each consumer would wait for the last one to be."""


@dataclass
class Fuse:
    """Ends the process with -9 when its point is passed for the last time."""

    point: str
    left: int

    def burn(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalOutlet(Outlet):
    """An outlet with named points to die at."""

    def __init__(self, cluster: Cluster, fuse: Fuse) -> None:
        super().__init__(cluster)
        self._fuse = fuse
        plain = self._producer.send

        def sending(*arguments: Any, **more: Any) -> Any:
            fuse.burn("while_sending")
            return plain(*arguments, **more)

        self._producer.send = sending

    def publish(self, records: Sequence[Record]) -> None:
        self._fuse.burn("before_sending")
        super().publish(records)
        self._fuse.burn("acknowledged")


def run_relay(url: str, cluster: Cluster, point: RelayPoint, count: int) -> None:
    fuse = Fuse(point, count)
    with Ledger(url) as ledger:
        Relay(url, ledger, cluster.topic("events"), lambda: MortalOutlet(cluster, fuse)).run(Event())


def run_consumer(url: str, cluster: Cluster, point: ConsumerPoint, count: int) -> None:
    fuse = Fuse(point, count)
    plain = Reading.settle

    def settle(*arguments: Any, **more: Any) -> None:
        fuse.burn("answered")
        plain(*arguments, **more)

    Reading.settle = settle  # type: ignore[method-assign]  # a point that only this process has

    def read(answer: Callable[[Incoming], Outgoing], stop: Event) -> None:
        def mortal(message: Incoming) -> Outgoing:
            fuse.burn("before_the_command")
            out = answer(message)
            fuse.burn("recorded")
            return out

        def bury(letter: DeadLetter, place: Place) -> None:
            fuse.burn("to_bury")
            letters.bury(letter, place)
            fuse.burn("buried")

        Intake(cluster, "commands", mortal, bury, session_ms=SESSION_MS).run(stop)

    with Ledger(url) as ledger, work_pool(url) as pool:
        service = InvoicingService(ledger)
        letters = DeadLetters(pool=pool, ledger=ledger, clock=SystemClock(), office=DeadLetterOffice(cluster))
        CommandConsumer(ledger=ledger, service=service, clock=SystemClock(), read=read).run(Event())
