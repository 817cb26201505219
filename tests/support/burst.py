"""A burst of commands from many clients that never give up, and the judgement of what became of each command.

Every command carries a key and a mark of its own that ends up in the facts. A client repeats a command under its key
until it gets an answer. What is known afterwards: which answers were given, and how often each command was sent.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock
from typing import Any

import httpx

from tests.support.days import today
from tests.support.stack import Stack

PATIENCE_SECONDS = 120.0
LINE = {"description": "Serviciu", "quantity": "2", "unit_price": "100.00", "vat": {"rate": "21"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One command and the answer that a client got for it."""

    kind: str
    key: str
    path: str
    body: Any
    status: int
    answer: bytes
    attempts: int

    @property
    def document(self) -> Any:
        return json.loads(self.answer)


@dataclass(slots=True)
class Burst:
    """Clients at work. `acknowledged` grows; `strange` holds answers that should never be given."""

    stack: Stack
    stop: Event = field(default_factory=Event)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    unanswered: int = 0
    _lock: Lock = field(default_factory=Lock)

    def work(self, name: str) -> None:
        """Draft, send, pay a part, and again: until told to stop, and then to the end of the story begun."""
        date = today().isoformat()
        for number in count(1):
            if self.stop.is_set():
                return
            mark = f"{name}-{number}"
            draft = {"customer": {"name": "Client SRL"}, "lines": [LINE, LINE], "buyer_reference": mark}
            invoice = self.command("draft", f"{mark}-draft", "/api/v1/invoices", draft)
            path = f"/api/v1/invoices/{invoice['id']}"
            self.command("send", f"{mark}-send", f"{path}/send", {})
            payment = {"amount": "100.00", "date": date, "reference": mark}
            self.command("pay", f"{mark}-pay", f"{path}/payments", payment)

    def command(self, kind: str, key: str, path: str, body: Any) -> Any:
        """Repeat until answered; a new connection each time, as after a restart."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for attempt in count(1):
            answer = self._attempt(key, path, body)
            if answer is not None and answer.status_code < 300:
                got = Acknowledged(
                    kind=kind,
                    key=key,
                    path=path,
                    body=body,
                    status=answer.status_code,
                    answer=answer.content,
                    attempts=attempt,
                )
                with self._lock:
                    self.acknowledged.append(got)
                return got.document
            if answer is not None and not _may_be_repeated(answer):
                with self._lock:
                    self.strange.append(f"{key}: {answer.status_code} {answer.text}")
                raise AssertionError(self.strange[-1])
            if time.monotonic() > deadline:
                raise AssertionError(f"{key} was never answered")
            time.sleep(0.1)
        raise AssertionError("unreachable")

    def _attempt(self, key: str, path: str, body: Any) -> httpx.Response | None:
        try:
            return _post(self.stack, path, body, key)
        except httpx.TransportError:
            with self._lock:
                self.unanswered += 1
            return None


def _may_be_repeated(answer: httpx.Response) -> bool:
    """What a client is told to try again: the house is not ready, or its own first attempt is still under way."""
    in_flight = answer.status_code == 409 and answer.json()["code"] == "idempotency_in_flight"
    return answer.status_code == 503 or in_flight


def _post(stack: Stack, path: str, body: Any, key: str) -> httpx.Response:
    with stack.client(**{"Idempotency-Key": key}) as client:
        return client.post(path, json=body)


def under_load(stack: Stack, clients: int, disturb: Callable[[Burst], None], name: str) -> Burst:
    """Let clients work while `disturb` does what it does; then let them come to the end."""
    burst = Burst(stack)
    with ThreadPoolExecutor(clients) as pool:
        working = [pool.submit(burst.work, f"{name}{number}") for number in range(clients)]
        try:
            disturb(burst)
        finally:
            burst.stop.set()
        for one_client in working:
            one_client.result()
    return burst


def facts(client: httpx.Client) -> Iterator[Any]:
    """The whole feed, in order."""
    after = 0
    while True:
        answer = client.get("/api/v1/events", params={"after": after, "limit": 1000})
        assert answer.status_code == 200, answer.text
        page = answer.json()["data"]
        if not page:
            return
        yield from page
        after = page[-1]["position"]


@dataclass(slots=True)
class Feed:
    """What the feed says about the commands of a burst, by their marks, and what does not fit together."""

    drafted: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    paid: Counter[str] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _marks: dict[str, str] = field(default_factory=dict)
    _versions: Counter[str] = field(default_factory=Counter)
    _parts: Counter[str] = field(default_factory=Counter)
    _position: int = 0

    def take(self, fact: Any) -> None:
        stream, kind, data = fact["stream_id"], fact["type"].partition("/")[0], fact["data"]
        self._position, self._versions[stream] = self._position + 1, self._versions[stream] + 1
        if (fact["position"], fact["version"]) != (self._position, self._versions[stream]):
            self.wrong.append(f"{kind} at {fact['position']} has version {fact['version']} of {stream}")
        match kind:
            case "invoice.drafted":
                self._marks[stream] = mark = data["header"]["buyer_reference"]
                self.drafted[mark] += 1
                self._parts[f"lines of draft {stream}"] += 1
            case "invoice.line_added":
                self._parts[f"lines of draft {stream}"] += 1
            case "invoice.sent":
                self.sent[self._marks[stream]] += 1
                self._parts[f"number {data['number']} of {stream}"] += 2
            case "number_series.number_allocated":
                self.numbers.append(data["number"])
                self._parts[f"number {data['number']} of {data['document_id']}"] += 1
            case "payment.recorded":
                self.paid[data["reference"]] += 1
                self._parts[f"payment {stream}"] += 2
            case "invoice.payment_received":
                self._parts[f"payment {data['payment_id']}"] += 1
            case _:
                pass

    def close(self) -> None:
        """Every command of the burst leaves facts that count to three; all of them or none."""
        self.wrong += [f"{what} is half there" for what, parts in self._parts.items() if parts != len("all")]
        if self.numbers != [f"IZV{value:06d}" for value in range(1, len(self.numbers) + 1)]:
            self.wrong.append("the series has holes, doubles or another order")


def read_feed(client: httpx.Client) -> Feed:
    feed = Feed()
    for fact in facts(client):
        feed.take(fact)
    feed.close()
    return feed


def judge(burst: Burst) -> Feed:
    """Acknowledged commands are there once, the same answer is given again, and nothing is there twice or half."""
    with burst.stack.client() as client:
        feed = read_feed(client)
    assert feed.wrong == []
    assert burst.strange == []
    counts = {"draft": feed.drafted, "send": feed.sent, "pay": feed.paid}
    for kind, counted in counts.items():
        promised = {one.key.removesuffix(f"-{kind}") for one in burst.acknowledged if one.kind == kind}
        assert [mark for mark in promised if counted[mark] != 1] == []
        assert [mark for mark, times in counted.items() if times > 1] == []
    for one in burst.acknowledged[:: max(1, len(burst.acknowledged) // 50)]:
        again = _post(burst.stack, one.path, one.body, one.key)
        assert (again.status_code, again.content) == (one.status, one.answer)
    numbers = [one.document["number"] for one in burst.acknowledged if one.kind == "send"]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(feed.numbers)
    return feed
