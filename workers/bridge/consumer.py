"""Commands from Kafka: a message becomes a command, runs through the one service, and is answered with a result.

`ce_id` is the idempotency key: its answer stands beside the facts, in their transaction, so that a second delivery is
answered with the first result. What is refused is remembered too: the sender was told so, and may have acted on it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Event
from typing import Any, Final
from uuid import uuid4

import msgspec

from invoicing_domain import tracing
from invoicing_domain.clock import Clock
from invoicing_domain.model.context import Actor, Context
from invoicing_domain.model.dates import local_date
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.requests.asker import Asker
from invoicing_domain.requests.misread import Misread, misfit
from invoicing_domain.service import ClientKey, InvoicingService, Outcome
from workers.bridge.dead_letters import organization_of
from workers.bridge.messages import KINDS, Accepted, Kind, Refused, Result, accepted
from workers.kafka.cluster import TROUBLE
from workers.kafka.dead_letters import Poison
from workers.kafka.intake import BugSuspected, Incoming, NotNow, Outgoing
from workers.naming import result_id
from workers.outage import OUTAGE

LONGEST_ID: Final = 200
FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 5.0

_results: Final = msgspec.json.Decoder(Accepted | Refused)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message, its headers read."""

    id: str
    type: str
    source: str
    organization_id: str
    value: bytes

    @property
    def kind(self) -> Kind:
        return KINDS[self.type]


class CommandConsumer:
    """Answers messages; `run` reads them until told to stop."""

    name = "commands"

    def __init__(
        self,
        *,
        ledger: Ledger,
        service: InvoicingService,
        clock: Clock,
        read: Callable[[Callable[[Incoming], Outgoing], Event], None],
        halted: Callable[[str], object] = str,
    ) -> None:
        """`halted` is told why nothing more is read."""
        self._ledger = ledger
        self._service = service
        self._clock = clock
        self._read = read
        self._halted = halted

    def run(self, stop: Event) -> None:
        """Survives a lost broker. What looks like a bug ends the reading, not the process: a person has to look."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            try:
                self._read(self.answer, stop)
            except TROUBLE as lost:
                level = logging.WARNING if pause < LONGEST_PAUSE_SECONDS else logging.DEBUG  # not every few seconds
                _log.log(level, "commands: trying again in %.1f s: %s: %s", pause, type(lost).__name__, lost)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception as bug:  # noqa: BLE001 - logged
                _log.exception("ALARM: commands are not read any more, until this process is started again")
                self._halted(str(bug) if isinstance(bug, BugSuspected) else f"{type(bug).__name__}, see the log")
                stop.wait()

    def answer(self, message: Incoming) -> Outgoing:
        """The result of a message. Raises Poison, and NotNow."""
        letter = _opened(message)
        try:
            return self._answered(letter)
        except OUTAGE as lost:
            raise NotNow(str(lost)) from lost

    def _answered(self, letter: Letter) -> Outgoing:
        organization = self._organization(letter)
        context = self._context(letter, organization)
        key = ClientKey(
            key=f"kafka:{letter.id}",
            fingerprint=sha256(letter.type.encode() + b"\n" + letter.value).digest(),
            render=lambda outcome: (200, msgspec.json.encode(accepted(letter.id, letter.type, outcome))),
        )
        try:
            known = self._service.answered(key, context)
            result = _placed(known or self._executed(letter, organization, context, key))
            return self._outgoing(letter, result, again=known is not None)
        except Refusal as refusal:
            if refusal.code == "contended":
                raise NotNow(refusal.message) from refusal
            refused = _refused(letter, refusal)
            if refusal.code == "idempotency_key_reused":
                return self._outgoing(letter, refused)
            remembered = self._service.remember(key, context, lambda: msgspec.json.encode(refused))
            return self._outgoing(letter, _decoded(remembered))

    def _executed(self, letter: Letter, organization: Organization, context: Context, key: ClientKey) -> Outcome:
        asker = Asker(self._ledger, letter.organization_id, organization)
        try:
            command = letter.kind.command(_body(letter), asker)
        except Misread as misread:
            raise Refusal("validation_failed", str(misread), errors=misread.errors) from misread
        return self._service.execute(command, context, key=key)

    def _organization(self, letter: Letter) -> Organization:
        state = organization_of(self._ledger, letter.organization_id)
        if state is None:
            raise Poison("unknown_organization", "izvor_organization names no organization")
        return state

    def _context(self, letter: Letter, organization: Organization) -> Context:
        at = self._clock.now()
        return Context(
            at=at,
            today=local_date(at, organization.profile.time_zone),
            organization_id=letter.organization_id,
            actor=Actor(kind="system", id="kafka", name=letter.source),
            command_id=str(uuid4()),
            correlation_id=letter.id,
            causation_id=letter.id,
            source="kafka",
        )

    def _outgoing(self, letter: Letter, result: Result, *, again: bool = False) -> Outgoing:
        outcome = "accepted" if isinstance(result, Accepted) else "refused"
        headers = {
            "ce_specversion": "1.0",
            "ce_id": result_id(letter.organization_id, letter.id),
            "ce_type": f"command.{outcome}",
            "ce_source": f"/izvor/{letter.organization_id}",
            "ce_subject": letter.id,
            "ce_time": self._clock.now().isoformat(),
            "content-type": "application/json",
            "izvor_organization": letter.organization_id,
        }
        encoded = [(name, value.encode()) for name, value in {**headers, **tracing.headers()}.items()]
        return Outgoing(msgspec.json.encode(result), encoded, again)


def _opened(message: Incoming) -> Letter:
    """Who sent what for whom; a message that does not say so can be neither recorded nor answered."""
    try:
        given = {name: value.decode() for name, value in message.headers.items() if name.startswith(("ce_", "izvor_"))}
    except UnicodeDecodeError:
        raise Poison("unreadable_header", "a header is not UTF-8") from None
    for name in ("ce_id", "ce_type", "izvor_organization"):
        if not given.get(name) or len(given[name]) > LONGEST_ID or not given[name].isprintable():
            raise Poison("missing_header", f"{name} has to be 1 to {LONGEST_ID} printable characters")
    if given["ce_type"] not in KINDS:
        raise Poison("unknown_type", f"there are: {', '.join(KINDS)}")
    return Letter(
        id=given["ce_id"],
        type=given["ce_type"],
        source=given.get("ce_source", "")[:LONGEST_ID] or "Kafka",
        organization_id=given["izvor_organization"],
        value=message.value,
    )


def _body(letter: Letter) -> Any:
    try:
        return msgspec.json.decode(letter.value, type=letter.kind.body)
    except msgspec.ValidationError as error:
        raise Misread(misfit(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Poison("malformed_json", "the value is not JSON") from None


def _refused(letter: Letter, refusal: Refusal) -> Refused:
    facts: dict[str, Any] = dict(refusal.facts)
    errors = facts.pop("errors", ())
    return Refused(
        command_id=letter.id,
        command_type=letter.type,
        code=refusal.code,
        message=refusal.message,
        errors=errors,
        facts=facts,
    )


def _placed(outcome: Outcome) -> Result:
    """The stored answer with what was not known yet when it was worded: where its last fact stands."""
    result = _decoded(outcome.answer.body if outcome.answer else b"")
    if isinstance(result, Accepted):
        return msgspec.structs.replace(result, position=outcome.position)
    return result


def _decoded(body: bytes) -> Result:
    result: Result = _results.decode(body)
    return result
