"""Doors: what resources need of the house, and how one of them runs a command."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import falcon
import msgspec
from psycopg import Connection, ProgrammingError
from psycopg_pool import ConnectionPool

from api.entrance.call import Call
from api.entrance.limits import FailureLimit, TokenLimit
from api.entrance.problems import Problem
from api.entrance.tags import tag_of
from api.entrance.tokens import Tokens
from api.figures import ApiFigures
from api.positions import with_position
from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.clock import Clock
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.identity import Kind, StreamId, resolve
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.outside import Outside
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.application import Category, Ledger, Loaded
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.webhook_secrets import WebhookSecrets
from invoicing_domain.requests.asker import Asker
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from projections.positions import wait_for
from projections.readiness import outdated

S = TypeVar("S")

_log = logging.getLogger(__name__)

ORGANIZATION_KEPT_SECONDS: Final = 1.0
WAIT_SECONDS: Final = 5.0

_SHOWN: Final = "SELECT 1 FROM read.position WHERE position >= %s LIMIT 1"


class Organizations:
    """Settings of organizations, read anew every second."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kept: dict[str, tuple[float, Organization]] = {}

    def of(self, organization_id: str) -> Organization:
        kept = self._kept.get(organization_id)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        state = self._ledger.load(ORGANIZATION, organization_id).state
        if state is None:
            raise Problem(401, "unauthorized", "the token belongs to an organization that does not exist")
        self._kept[organization_id] = (time.monotonic() + ORGANIZATION_KEPT_SECONDS, state)
        return state

    def forget(self, organization_id: str) -> None:
        self._kept.pop(organization_id, None)


@dataclass(frozen=True, slots=True)
class Doors:
    ledger: Ledger
    service: InvoicingService
    publishing: Publishing
    reads: ConnectionPool[Connection[Any]]
    clock: Clock
    organizations: Organizations
    figures: ApiFigures
    test_clock: TestClock | None = None
    tokens: Tokens = field(default_factory=Tokens)
    token_limit: TokenLimit = field(default_factory=lambda: TokenLimit(0))
    failure_limit: FailureLimit = field(default_factory=FailureLimit)
    outside: Outside = field(default_factory=Outside)
    webhook_secrets: WebhookSecrets = field(default_factory=WebhookSecrets)
    public_url: str = ""
    """Where the world finds this API, when that was said."""
    readiness: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    """Named checks; each returns what is wrong, or None."""
    metrics_token: str | None = field(default=None, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Connection[Any]]:
        """A connection for queries of read models; a query that does not fit their tables of old is for later."""
        try:
            with self.reads.connection() as connection:
                yield connection
        except ProgrammingError as error:
            with self.reads.connection() as connection:
                names = outdated(connection)
            if not names:
                raise
            _log.warning("a query does not fit its tables, and these are to be rebuilt: %s", names, exc_info=error)
            raise not_rebuilt(names) from None

    def shows(self, connection: Connection[Any], models: tuple[str, ...], position: int) -> bool:
        """Whether read models have reached a position, after some seconds at most."""
        return wait_for(connection, models, position, WAIT_SECONDS)

    def new(self, call: Call, kind: Kind) -> int:
        """The next small integer for a document of this kind."""
        return self.ledger.recorder.next_reference(call.organization_id, kind)

    def find(self, call: Call, kind: Kind, text: str) -> StreamId:
        """The stream that a path or a body names; a problem for what is not the caller's own."""
        found = resolve(kind, call.organization_id, text)
        if found is None:
            raise missing(kind)
        return found

    def load(self, category: Category[S], stream_id: StreamId) -> Loaded[S]:
        """A document as it is now, never behind the caller's own commands, and on disk."""
        loaded = self.known(category, stream_id)
        self._settle(loaded.position)
        return loaded

    def known(self, category: Category[S], stream_id: StreamId) -> Loaded[S]:
        """A document as it is now, for a command about it: that waits for the disk itself."""
        loaded = self.ledger.load(category, stream_id)
        if loaded.state is None:
            raise missing(category.name)
        return loaded

    def _settle(self, position: int) -> None:
        """Wait until the facts up to a position are on disk: they are when a read model shows them, else flush."""
        with self.reading() as connection:
            shown = connection.execute(_SHOWN, (position,), prepare=True).fetchone()
        if shown is None:
            self.ledger.recorder.flush()

    def customer(self, call: Call, text: str, pointer: str) -> tuple[StreamId, Customer]:
        """The customer that a body names at `pointer`."""
        return self.asker(call).customer(text, pointer)

    def asker(self, call: Call) -> Asker:
        return Asker(self.ledger, call.organization_id, call.organization)

    def execute(
        self,
        call: Call,
        resp: falcon.Response,
        command: Callable[[], object],
        *,
        render: Callable[[Outcome], msgspec.Struct],
        status: int = 200,
        location: Callable[[Mapping[str, Any]], str] | None = None,
        about: str | None = None,
    ) -> None:
        """Run a command and answer, or repeat the answer that the request's key got before.

        `about`: the document of the path, where that is another one than the command makes. `location` reads the body,
        so that a repeated answer has the same header as the first.
        """
        wording = Wording(render, status)
        outcome = None
        key = None
        if call.key is not None:
            key = ClientKey(key=call.key, fingerprint=call.fingerprint, render=wording)
            outcome = self.service.answered(key, call.context)
        if outcome is None:
            outcome = self.service.execute(
                command(), call.context, key=key, expected_version=call.expected_version, about=about
            )
        body = answer(resp, outcome, wording)
        if location is not None:
            resp.set_header("Location", location(msgspec.json.decode(body)))


class Resource:
    """One address of the API: its methods are `on_get` and the like; what they need is behind the doors."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors


@dataclass(frozen=True, slots=True)
class Wording:
    """Status and body of an answer, made from the outcome before it is recorded."""

    render: Callable[[Outcome], msgspec.Struct]
    status: int

    def __call__(self, outcome: Outcome) -> tuple[int, bytes]:
        status = 200 if outcome.existed else self.status
        return status, msgspec.json.encode(self.render(outcome))


def answer(resp: falcon.Response, outcome: Outcome, wording: Wording) -> bytes:
    if outcome.answer is not None:
        status, body = outcome.answer.status, outcome.answer.body
    else:
        status, body = wording(outcome)
    resp.status = status
    resp.content_type = falcon.MEDIA_JSON
    resp.data = with_position(body, outcome.position)
    resp.set_header("ETag", f'"{outcome.version}"')
    resp.set_header("Izvor-Position", str(outcome.position))
    if outcome.replayed:
        resp.set_header("Idempotency-Replayed", "true")
    return body


def send(resp: falcon.Response, view: msgspec.Struct, *, version: int | None = None) -> None:
    resp.content_type = falcon.MEDIA_JSON
    resp.data = msgspec.json.encode(view)
    if version is not None:
        resp.set_header("ETag", tag_of(version, resp.data))


def missing(kind: str) -> Problem:
    return Problem(404, "not_found", f"there is no such {kind.replace('_', ' ')}")


def not_rebuilt(names: list[str]) -> Problem:
    detail = f"what another version of Izvor made is not to be read until it is rebuilt: {', '.join(names)}"
    return behind(detail, again_in=10)


def behind(detail: str, *, again_in: int = 1) -> Problem:
    """What is read does not know yet what it has to; `again_in` seconds it may."""
    return Problem(503, "read_model_behind", detail, headers={"Retry-After": str(again_in)})
