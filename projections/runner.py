"""The runner: follows the recorded facts and keeps every read model up to date.

Rows and position of all read models commit together, a batch of facts at a time. One runner works, others stand by. A
read model that fails is halted at the last fact it could take, with the reason in `read.position`; the others go on.
"""

import logging
from collections.abc import Iterable, Sequence
from threading import Event as Signal
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from invoicing_domain import spans
from invoicing_domain.discretion import in_brief
from invoicing_domain.tracing import Attributes, span
from projections.building import put
from projections.catalogue import MODELS
from projections.collector import paused
from projections.feed import Decoding, head, read, unwanted
from projections.readmodel import ReadModel
from projections.schemas import tables_of
from projections.store import LIVE

BATCH_SIZE: Final = 2_000
POLL_SECONDS: Final = 1.0
"""How long a missed notification can delay a fact."""

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 10.0
STANDBY_SECONDS: Final = 0.5

LOST: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""Trouble of the database, not of a fact: connect again and repeat."""

# "IZVP": held by the runner that works, as long as its session lives.
_LEAD: Final = "SELECT pg_try_advisory_lock(1230657104)"
_WELL: Final = "SELECT model, position FROM read.position WHERE error IS NULL AND model = ANY(%s)"
_CLAIM: Final = "SELECT position FROM read.position WHERE model = ANY(%s) ORDER BY model FOR UPDATE"
_MOVE: Final = "UPDATE read.position SET position = %s, updated_at = now() WHERE model = ANY(%s)"
_HALT: Final = "UPDATE read.position SET error = %s, updated_at = now() WHERE model = %s AND position = %s"
_RETRY: Final = (
    "UPDATE read.position SET error = CASE WHEN shape = %(shape)s THEN NULL ELSE %(stale)s END"
    " WHERE model = %(model)s AND (error IS NOT NULL OR shape <> %(shape)s)"
)

_log = logging.getLogger(__name__)


class Runner:
    """Projects into `read`; `run` until told to stop, or `catch_up` once."""

    def __init__(
        self,
        conninfo: str,
        *,
        models: Sequence[ReadModel] = MODELS,
        secret_key: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._conninfo = conninfo
        self._models = {model.name: model for model in models}
        self._decoding = Decoding(secret_key)
        self._batch_size = batch_size

    def run(self, stop: Signal) -> None:
        """Work, or stand by for the runner that does, until `stop` is set; survives a lost database."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as session:
                    pause = FIRST_PAUSE_SECONDS
                    if self._lead(session, stop):
                        self._follow(session, stop)
            except LOST as lost:
                _log.warning("the database is lost, trying again in %.1f s: %s", pause, lost)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def catch_up(self) -> None:
        """Project everything that is recorded, and return."""
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            self.try_halted_again(connection)
            while self.step(connection):
                pass

    def _lead(self, session: psycopg.Connection[Any], stop: Signal) -> bool:
        """Wait until no other runner works; the session then speaks for this one, and dies with it."""
        while not stop.is_set():
            if session.execute(_LEAD).fetchone() == (True,):
                return True
            stop.wait(STANDBY_SECONDS)
        return False

    def _follow(self, session: psycopg.Connection[Any], stop: Signal) -> None:
        session.execute("LISTEN izvor_events")
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            self.try_halted_again(connection)
            while not stop.is_set():
                if not self.step(connection):
                    for _ in session.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass

    def try_halted_again(self, connection: psycopg.Connection[Any]) -> None:
        """A new start may know what an old one did not. Tables of another shape stay halted: they want a rebuild."""
        for model in self._models.values():
            stale = f"its tables were made by another version of Izvor: run izvor rebuild {model.name}"
            arguments = {"model": model.name, "shape": tables_of(model).shape, "stale": stale}
            connection.execute(_RETRY, arguments)

    def step(self, connection: psycopg.Connection[Any]) -> bool:
        """One batch for each group of read models at the same position, the foremost first; False: nothing to do."""
        moved = False
        until = head(connection)
        for position, models in self._groups(connection):
            upto = min(position + self._batch_size, until)
            if upto > position:
                self._advance(connection, models, position, upto)
                moved = True
            until = max(position, upto)  # those behind come up to this group, and join it
        return moved

    def _groups(self, connection: psycopg.Connection[Any]) -> list[tuple[int, list[ReadModel]]]:
        groups: dict[int, list[ReadModel]] = {}
        with connection.cursor(row_factory=tuple_row) as cursor:
            for name, position in cursor.execute(_WELL, (list(self._models),)).fetchall():
                groups.setdefault(position, []).append(self._models[name])
        return sorted(groups.items(), key=lambda group: -group[0])

    def _advance(
        self, connection: psycopg.Connection[Any], models: Sequence[ReadModel], after: int, until: int
    ) -> bool:
        """Take the models from one position to another; where that fails, as far as each can go."""
        try:
            self._take(connection, models, after, until)
        except LOST:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with one read model must not stop the others
            return self._narrow(connection, models, after, until, failure)
        return True

    def _take(self, connection: psycopg.Connection[Any], models: Sequence[ReadModel], after: int, until: int) -> None:
        about: Attributes = {spans.AFTER: after, spans.UNTIL: until, spans.MODELS: [model.name for model in models]}
        with span("project", about), paused():
            events = self._decoding.events(connection, read(connection, after, until, unwanted(models)))
            with connection.transaction():
                if claim(connection, models) == {after}:
                    put(connection, LIVE, models, self._decoding, events, until)
                    connection.execute(_MOVE, (until, [model.name for model in models]))

    def _narrow(
        self,
        connection: psycopg.Connection[Any],
        models: Sequence[ReadModel],
        after: int,
        until: int,
        failure: Exception,
    ) -> bool:
        """Find out which read model cannot take which fact: model by model, then half by half."""
        if len(models) > 1:
            went = [self._advance(connection, [model], after, until) for model in models]
            return all(went)
        if until - after > 1:
            middle = (after + until) // 2
            return self._advance(connection, models, after, middle) and self._advance(connection, models, middle, until)
        name = models[0].name
        _log.error("ALARM: read model %s is halted before fact %d: %s", name, until, failure, exc_info=failure)
        connection.execute(_HALT, (f"fact {until}: {in_brief(failure)}", name, after))
        return False


def claim(connection: psycopg.Connection[Any], models: Iterable[ReadModel]) -> set[int]:
    """Lock the models' positions to the end of the transaction, and tell which they are."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {row[0] for row in cursor.execute(_CLAIM, ([model.name for model in models],)).fetchall()}
