"""Patience with a database that goes away for a moment: what a restart or a cut connection costs is a pause."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import psycopg

from invoicing_domain.recording.datastore import Datastore

ATTEMPTS: Final = 6
FIRST_PAUSE_SECONDS: Final = 0.1

T = TypeVar("T")


class StoreUnavailable(Exception):  # noqa: N818 - names what was met
    """The database did not answer in time and the outcome is unknown: repeat with the same key."""


def persist(datastore: Datastore, attempt: Callable[[], T], recover: Callable[[], T | None] | None = None) -> T:
    """Run `attempt`, again after a lost connection (bounded); `recover` first looks whether it had taken effect."""
    pause = FIRST_PAUSE_SECONDS
    for left in reversed(range(ATTEMPTS)):
        try:
            return attempt()
        except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
            if left == 0:
                raise StoreUnavailable("the database does not answer") from lost
        time.sleep(pause)
        pause *= 2
        datastore.weed()
        if recover is not None and (done := recover()) is not None:
            return done
    raise StoreUnavailable("the database does not answer")
