"""Dead letters in the book of jobs: listed, counted, given up or handed in again like whatever else came to nothing.

A dead letter is a job that was dead from the start. When a person has it tried again, its own bytes and headers go to
the topic of commands once more: whoever saw its `ce_id` before answers as before, so once too often does no harm.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Protocol

from psycopg import Connection
from psycopg_pool import ConnectionPool

from invoicing_domain.categories import ORGANIZATION
from invoicing_domain.clock import Clock
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.recording.application import Ledger
from workers.jobs.enqueue import bury
from workers.jobs.job import Answer, Call, Dead, Done, Job, Later, Wish
from workers.kafka.cluster import TOO_LARGE, TROUBLE
from workers.kafka.dead_letters import DeadLetter, Place
from workers.kafka.intake import NotNow
from workers.outage import OUTAGE

QUEUE: Final = "dead-letters"

NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""For whom a letter is that names no organization: no token opens it, the operator alone decides about it."""

KEPT: Final = timedelta(days=90)
"""As long as the topic keeps them."""


class Office(Protocol):
    """Where the letters lie; raises TROUBLE."""

    def read(self, place: Place) -> DeadLetter | None: ...

    def send_again(self, letter: DeadLetter) -> None: ...


class DeadLetters:
    """Writes dead letters down, and carries out what people decided about them."""

    queue = QUEUE

    def __init__(self, *, pool: ConnectionPool[Connection[Any]], ledger: Ledger, clock: Clock, office: Office) -> None:
        self._pool = pool
        self._ledger = ledger
        self._clock = clock
        self._office = office

    def bury(self, letter: DeadLetter, place: Place) -> None:
        """On disk when this returns; the same message again is the same letter. Raises NotNow."""
        try:
            wish = self._wish(letter, place)
            with self._pool.connection() as connection, connection.transaction():
                bury(connection, wish, f"{letter.told['reason']}: {letter.told['error']}", self._clock.now())
        except OUTAGE as lost:
            raise NotNow(str(lost)) from lost

    def prepare(self, job: Job) -> Answer | Call:
        try:
            letter = letter_of(self._office, job.payload)
        except TROUBLE as lost:
            return Later(str(lost))
        if letter is None:
            return Dead("the topic does not keep it any more")
        if not letter.whole:
            return Dead(f"its value was too large to be kept: send it anew, it came from {letter.origin}")
        return Call({}, lambda: self._send(letter))

    def resolve(self, job: Job) -> Answer | None:
        """Its worker died: perhaps it is in the topic, and a second time does no harm."""
        del job
        return Later("handed in again: whoever knows it answers as before", unreachable=False)

    def record(self, job: Job) -> int:
        """No fact of its own: the decision is one, and so is what the message asks for."""
        del job
        return 0

    def _send(self, letter: DeadLetter) -> Answer:
        try:
            self._office.send_again(letter)
        except TOO_LARGE:
            return Dead("it is larger than the topic of commands takes")
        except TROUBLE as lost:
            return Later(str(lost))
        return Done({"answer": "handed in again"})

    def _wish(self, letter: DeadLetter, place: Place) -> Wish:
        named = dict(letter.own_headers).get("izvor_organization", b"").decode(errors="replace")
        key = f"dead-letter:{letter.origin}"
        return Wish(
            effect_key=key,
            organization_id=named if organization_of(self._ledger, named) else NOBODY,
            queue=QUEUE,
            lock_key=key,
            destination="kafka",
            payload={"origin": letter.origin, "partition": place.partition, "offset": place.offset},
            max_age=KEPT,
        )


def letter_of(office: Office, payload: Mapping[str, Any]) -> DeadLetter | None:
    """The letter of a job; None when it is gone, also when a topic made anew has another one in its place."""
    letter = office.read(Place(payload["partition"], payload["offset"]))
    return letter if letter is not None and letter.origin == payload["origin"] else None


def organization_of(ledger: Ledger, organization_id: str) -> Organization | None:
    """Whom a message names, if there is such an organization; the id of anything else names none."""
    return ledger.load(ORGANIZATION, organization_id).state if organization_id in ledger.organizations() else None
