"""Relay and consumer killed with -9 at named points, again and again, the broker stopped and started meanwhile.

    python -m tests.support.faults [--rounds N] [--seed S]

Commands come as messages all the while, some of them twice, and some that can never succeed. Afterwards everything is
counted: facts that are not in the topic, streams out of order, commands without an answer, with two different ones, or
done twice, dead letters that are not in the book, or twice.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import orjson
import psycopg

from deploy.postgres.embedded import EmbeddedPostgres
from invoicing_domain.model.invoice.events import Drafted
from invoicing_domain.recording.application import Ledger
from invoicing_domain.service import InvoicingService
from tests.kafka.broker import Broker
from tests.support.commands import ORGANIZATION, context, register_organization
from tests.support.databases import fresh_database, make_template
from tests.support.mortal import CONSUMER_POINTS, RELAY_POINTS, run_consumer, run_relay
from tests.support.processes import wait_until
from tests.support.topics import Message, Reader, send
from workers.kafka.cluster import Cluster, provide

MESSAGES_A_ROUND: Final = 3
HOPELESS: Final = 0.15
BROKER_EVERY: Final = 10
ROUND_SECONDS: Final = 3.0
LATEST_DEATH: Final = 2
_BURIED: Final = "SELECT count(*) FROM work.job WHERE queue = 'dead-letters'"

ORDER: Final = {
    "customer": {"name": "Client SRL"},
    "lines": [{"description": "Consultanță", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}],
    "send": True,
}


@dataclass
class Verdict:
    """What went wrong; and how often somebody died."""

    rounds: int
    kills: int
    at_named_points: int
    facts: int
    commands: int
    dead_letters: int
    lost: int
    out_of_order: int
    unanswered: int
    contradicted: int
    done_twice: int
    not_buried_once: int
    published_twice: int

    @property
    def is_good(self) -> bool:
        wrong = (
            self.lost,
            self.out_of_order,
            self.unanswered,
            self.contradicted,
            self.done_twice,
            self.not_buried_once,
        )
        return not any(wrong)


@dataclass
class Trial:
    url: str
    broker: Broker
    chance: random.Random
    sent: list[Message] = field(default_factory=list)
    hopeless: int = 0
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
        """New orders, some that were sent before, and some that nobody can do."""
        for _ in range(MESSAGES_A_ROUND):
            if self.chance.random() < HOPELESS:
                self.hopeless += 1
                # Among good ones: twenty in a row would stop the reading.
                key = f"SO-{self.chance.randint(0, len(self.sent))}"
                message = Message(type="invoice.burn", body={}, organization_id=ORGANIZATION, key=key)
            elif self.sent and self.chance.random() < 0.2:
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
        wait_until(lambda: self._buried() >= self.hopeless, patience_seconds=120)
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
            dead_letters=self.hopeless,
            lost=len(recorded - set(published)),
            out_of_order=int(not reader.in_order()),
            unanswered=len(ids - set(answers)),
            contradicted=sum(len(said) > 1 for said in answers.values()),
            done_twice=len(drafted) - len(ids),
            not_buried_once=self._buried() - self.hopeless,
            published_twice=len(published) - len(set(published)),
        )

    def _buried(self) -> int:
        with psycopg.connect(self.url, autocommit=True) as connection:
            [(count,)] = connection.execute(_BURIED).fetchall()
        return int(count)

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
