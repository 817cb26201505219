"""Relay and consumer killed with -9 at named points, again and again, the broker stopped and started meanwhile.

    python -m tests.support.faults [--rounds N] [--seed S]

Commands come as messages all the while, some of them twice. Afterwards everything is counted: facts that are not in the
topic, streams out of order, commands without an answer, with two different ones, or done twice.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from typing import Any, Final, Literal

import orjson

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.clock import SystemClock
from invoicing_domain.model.invoice.events import Drafted
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import ORGANIZATION, context, register_organization
from tests.support.databases import fresh_database, make_template
from tests.support.processes import wait_until
from tests.support.topics import Message, Reader, send
from workers.bridge.consumer import CommandConsumer
from workers.bridge.relay import Relay
from workers.kafka.cluster import Cluster, provide
from workers.kafka.intake import Incoming, Intake, Outgoing, Reading
from workers.kafka.outlet import Outlet
from workers.kafka.records import Record

RelayPoint = Literal["before_sending", "while_sending", "acknowledged", "never"]
ConsumerPoint = Literal["before_the_command", "recorded", "answered", "never"]
RELAY_POINTS: Final[Sequence[RelayPoint]] = ("before_sending", "while_sending", "acknowledged")
CONSUMER_POINTS: Final[Sequence[ConsumerPoint]] = ("before_the_command", "recorded", "answered")

MESSAGES_A_ROUND: Final = 3
BROKER_EVERY: Final = 10
ROUND_SECONDS: Final = 2.5
LATEST_DEATH: Final = 2
SESSION_MS: Final = 1_500
"""The dead are missed soon, or each consumer would wait for the last one to be."""

ORDER: Final = {
    "customer": {"name": "Client SRL"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
    "send": True,
}


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

        Intake(cluster, "commands", mortal, session_ms=SESSION_MS).run(stop)

    with Ledger(url) as ledger:
        service = InvoicingService(ledger)
        CommandConsumer(ledger=ledger, service=service, clock=SystemClock(), read=read).run(Event())


@dataclass
class Verdict:
    """What went wrong; and how often somebody died."""

    rounds: int
    kills: int
    at_named_points: int
    facts: int
    commands: int
    lost: int
    out_of_order: int
    unanswered: int
    contradicted: int
    done_twice: int
    published_twice: int

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.out_of_order or self.unanswered or self.contradicted or self.done_twice)


@dataclass
class Trial:
    url: str
    broker: Broker
    chance: random.Random
    sent: list[Message] = field(default_factory=list)
    kills: int = 0
    at_points: int = 0

    @property
    def cluster(self) -> Cluster:
        return Cluster(servers=self.broker.address)

    def round(self, number: int) -> None:
        self._order()
        first = self._start(run_relay, self.chance.choice(RELAY_POINTS), self.chance.randint(1, LATEST_DEATH))
        second = self._start(run_consumer, self.chance.choice(CONSUMER_POINTS), self.chance.randint(1, LATEST_DEATH))
        if number % BROKER_EVERY == BROKER_EVERY - 1:
            self.chance.choice((self.broker.stop, self.broker.kill))()
            self.broker.start()
        for process in (first, second):
            process.join(ROUND_SECONDS)
            self.at_points += not process.is_alive()
            process.kill()
            process.join()
            self.kills += 1

    def _order(self) -> None:
        """New orders, and some that were sent before."""
        for _ in range(MESSAGES_A_ROUND):
            if self.sent and self.chance.random() < 0.2:
                message = self.chance.choice(self.sent)
            else:
                order = {"id": f"SO-{len(self.sent)}", "date": "2026-11-23"}
                message = Message(
                    type="invoice.from_order",
                    body={**ORDER, "order": order},
                    organization_id=ORGANIZATION,
                    key=order["id"],
                )
                self.sent.append(message)
            send(self.cluster, [message])

    def _start(self, target: Callable[..., None], point: str, count: int) -> BaseProcess:
        process = _processes.Process(target=target, args=(self.url, self.cluster, point, count), daemon=True)
        process.start()
        return process

    def finish(self, ledger: Ledger, rounds: int) -> Verdict:
        """Let both work undisturbed until nothing is left to do, and count."""
        last = [self._start(run_relay, "never", 0), self._start(run_consumer, "never", 0)]
        reader, ids = Reader(self.cluster), {one.id for one in self.sent}
        wait_until(lambda: ids <= set(self._answers(reader)), patience_seconds=120)
        recorded = {(one.originator_id, one.originator_version) for one in ledger.feed(0, 1_000_000)}
        wait_until(lambda: recorded <= set(reader.facts()), patience_seconds=120)
        for process in last:
            process.kill()
            process.join()
        answers, published = self._answers(reader), reader.facts()
        drafted = [one for one in ledger.feed(0, 1_000_000) if isinstance(one.fact, Drafted)]
        return Verdict(
            rounds=rounds,
            kills=self.kills,
            at_named_points=self.at_points,
            facts=len(recorded),
            commands=len(ids),
            lost=len(recorded - set(published)),
            out_of_order=int(not reader.in_order()),
            unanswered=len(ids - set(answers)),
            contradicted=sum(len(said) > 1 for said in answers.values()),
            done_twice=len(drafted) - len(ids),
            published_twice=len(published) - len(set(published)),
        )

    def _answers(self, reader: Reader) -> dict[str, set[bytes]]:
        found: dict[str, set[bytes]] = {}
        for one in reader.all("command-results"):
            found.setdefault(one.headers["ce_subject"].decode(), set()).add(one.value)
        return found


_processes = multiprocessing.get_context("forkserver")


def trial(url: str, broker: Broker, *, rounds: int, seed: int) -> Verdict:
    _processes.set_forkserver_preload([__name__])
    with Ledger(url) as ledger:
        InvoicingService(ledger).execute(register_organization(), context())
        it = Trial(url, broker, random.Random(seed))  # noqa: S311 - to be repeated
        provide(it.cluster, ["events", "commands", "command-results", "dead-letters"])
        for number in range(rounds):
            it.round(number)
        return it.finish(ledger, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with _house() as (url, broker):
        verdict = trial(url, broker, rounds=chosen.rounds, seed=chosen.seed)
    sys.stdout.write(orjson.dumps(verdict, option=orjson.OPT_INDENT_2).decode() + "\n")
    sys.exit(not verdict.is_good)


@contextmanager
def _house() -> Iterator[tuple[str, Broker]]:
    with tempfile.TemporaryDirectory(prefix="faults-", dir="/tmp") as scratch:
        home = Path(scratch)
        with EmbeddedPostgres(home / "data") as server, Broker(home / "kafka") as broker:
            make_template(server)
            with fresh_database(server) as url:
                yield url, broker


if __name__ == "__main__":
    main()
