"""The clock of a sandbox: set by its users, shared by every process, never going back."""

from datetime import datetime
from typing import Final

from invoicing_domain.clock import SystemClock
from invoicing_domain.recording.datastore import Datastore

_READ: Final = "SELECT instant + (clock_timestamp() - set_at) AS now FROM izvor.test_clock"
_SET: Final = (
    "INSERT INTO izvor.test_clock AS c (instant, set_at) SELECT %(to)s, clock_timestamp() WHERE %(to)s >= coalesce("
    "(SELECT instant + (clock_timestamp() - set_at) FROM izvor.test_clock), clock_timestamp())"
    " ON CONFLICT (only_row) DO UPDATE SET instant = excluded.instant, set_at = excluded.set_at"
    " WHERE c.instant + (clock_timestamp() - c.set_at) <= excluded.instant RETURNING instant"
)


class TestClock:
    """Runs on from the instant it was last set to; the machine's time until then."""

    __test__ = False  # not a test, whatever its name suggests to a test runner

    def __init__(self, datastore: Datastore) -> None:
        self._datastore = datastore
        self._system = SystemClock()

    def now(self) -> datetime:
        with self._datastore.connection() as connection:
            row = connection.execute(_READ, prepare=True).fetchone()
        if row is None:
            return self._system.now()
        now: datetime = row["now"]
        return now

    def set(self, to: datetime) -> bool:
        """Move the clock forward; False (and no change) when `to` is in its past.

        A clock never set shows the machine's time, so its past is the machine's: facts are recorded by then.
        """
        with self._datastore.connection() as connection:
            return connection.execute(_SET, {"to": to}).fetchone() is not None
