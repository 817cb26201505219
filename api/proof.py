"""The proof that a token still belongs to whom it did: asked for along with what its holder wants to know.

A page of a list takes little longer than to ask whose a token is. So the two are asked in one breath: the token first,
its answer read before the page is used. Until then a caller who was here before is taken for the same; nothing that
follows from that leaves the house without the proof, be it rows or a problem.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import falcon
from psycopg import Connection

from api.doors import Doors
from api.entrance import tokens
from api.entrance.access import Access
from api.entrance.problems import Problem
from invoicing_domain.recording.tenancy import asking_for_nothing_of_anybody


@dataclass(slots=True)
class Proof:
    """What is still to be shown of the caller of a request."""

    doors: Doors
    text: str
    access: Access
    address: str
    given: bool = False

    @contextmanager
    def along(self, connection: Connection[Any]) -> Iterator[None]:
        """Within, the first question is whose the token is; at the end an error when it is no more its holder's."""
        now = self.doors.clock.now()
        with connection.pipeline():
            answer = tokens.ask(connection, self.text)
            yield
            if answer(now) != self.access:
                raise _UnprovedError
            self.given = True

    def settle(self) -> None:
        """Ask by itself, where that did not succeed along with another question: 401 if it does not now."""
        with asking_for_nothing_of_anybody(), self.doors.reading() as connection:
            holder = tokens.recognise(connection, self.text, self.doors.clock.now())
        if holder != self.access:
            self.doors.acquaintances.forget(self.text)
            raise refused(self.doors, self.text, self.address)
        self.given = True


class _UnprovedError(Exception):
    """Nobody is told of it: the token is asked about once more, and that says why it is refused."""


def refused(doors: Doors, text: str, address: str) -> Problem:
    """401 for a token that is none, or none any more; 429 where too many of these came from the same address."""
    if text and not doors.token_limit.is_off:
        doors.failure_limit.count(address)
    detail = "the token is not valid (any more)" if text else "send a token: Authorization: Bearer izv_..."
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="izvor"'})


@contextmanager
def reading_proved(doors: Doors, req: falcon.Request) -> Iterator[Connection[Any]]:
    """A connection for queries of read models; what they find is of use only to a caller who is proved at the end."""
    proof: Proof | None = getattr(req.context, "proof", None)
    with doors.reading() as connection:
        if proof is None or proof.given:
            yield connection
        else:
            with proof.along(connection):
                yield connection


def proved(req: falcon.Request, error: Exception) -> Exception:
    """The error, where its caller may be told of it, else why not."""
    proof: Proof | None = getattr(req.context, "proof", None)
    if proof is not None and not proof.given:
        try:
            proof.settle()
        except Exception as refusal:  # noqa: BLE001 - it is told instead
            req.context.allowance = None
            return refusal
    return error
