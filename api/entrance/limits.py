"""How often a token may ask, and how often an address may try tokens that do not exist.

All HTTP processes of an installation share one budget for each token, in an unlogged table: a row that a crash empties
and no commit waits for. Each process draws requests from it by the batch, so that most requests ask nobody; the price:
each process may give a token a batch more than its budget. Failed tokens are counted by each process for itself:
nothing rests on their exact number, since a secret of 256 bits is not guessed, trying must only not cost us much.
A token that is valid is never refused for the failures of others behind the same address (a proxy, an office).
"""

import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeVar

from psycopg.rows import tuple_row

from api.entrance.problems import Problem
from api.entrance.tokens import Lend

V = TypeVar("V")

WINDOW_SECONDS: Final = 10
"""A token may use what it is allowed in so many seconds all at once."""

FAILURES_AT_ONCE: Final = 20
SECONDS_PER_FAILURE: Final = 3.0
_MOST_KEPT: Final = 10_000
_LARGEST_BATCH: Final = 50

_DRAW: Final = """
INSERT INTO izvor.allowance AS a (token_id, requests, drawn, counted_at)
VALUES (%(token)s, %(most)s - %(wanted)s, %(wanted)s, clock_timestamp())
ON CONFLICT (token_id) DO UPDATE SET (requests, drawn, counted_at) = (
    SELECT full_now - least(%(wanted)s, floor(full_now)), least(%(wanted)s, floor(full_now)), clock_timestamp()
    FROM (SELECT least(%(most)s, greatest(0,
        a.requests + extract(epoch FROM clock_timestamp() - a.counted_at) * %(per_second)s)) AS full_now) AS refilled
)
RETURNING drawn::integer, floor(requests)::integer
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a token may still ask, for the headers of an answer."""

    most: int
    left: int
    full_in: int
    """Seconds until nothing of what was used is missing any more."""

    def headers(self) -> dict[str, str]:
        named = {"Limit": self.most, "Remaining": self.left, "Reset": self.full_in}
        both = {f"{prefix}RateLimit-{name}": str(value) for prefix in ("", "X-") for name, value in named.items()}
        return {"RateLimit-Policy": f"{self.most};w={WINDOW_SECONDS}", **both}


@dataclass(slots=True)
class _Purse:
    """What this process has drawn for a token and not used, what was left for all, until when it is no use to draw."""

    mine: int = 0
    left: int = 0
    closed_until: float = 0.0


class TokenLimit:
    """`admit` counts one request of a token; 0 requests a minute: no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._most = max(1, per_minute * WINDOW_SECONDS // 60)
        self._batch = max(1, min(_LARGEST_BATCH, self._most // 20))
        self._clock = clock
        self._lock = Lock()
        self._purses: OrderedDict[str, _Purse] = OrderedDict()

    @property
    def is_off(self) -> bool:
        return self._per_second == 0

    def admit(self, lend: Lend, token_id: str) -> Allowance:
        """Raises 429 when nothing is left."""
        with self._lock:
            purse = _kept(self._purses, token_id, _Purse)
            is_empty = purse.mine == 0 and self._clock() >= purse.closed_until
        drawn = self._draw(lend, token_id) if is_empty else None  # while others may be let in
        with self._lock:
            if drawn is not None:
                self._fill(purse, *drawn)
            if purse.mine > 0:
                purse.mine -= 1
                return self._allowance(purse)
            allowance = self._allowance(purse)
        seconds = max(1, math.ceil(1 / self._per_second))
        detail = f"more than {self._most} requests in {WINDOW_SECONDS} seconds: slow down"
        raise Problem(429, "rate_limited", detail, headers={"Retry-After": str(seconds), **allowance.headers()})

    def _draw(self, lend: Lend, token_id: str) -> tuple[int, int]:
        """How many were drawn for this process, and how many are left for all."""
        arguments = {"token": token_id, "most": self._most, "wanted": self._batch, "per_second": self._per_second}
        with lend() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(_DRAW, arguments, prepare=True).fetchone() or (0, 0)

    def _fill(self, purse: _Purse, drawn: int, left: int) -> None:
        purse.mine += drawn
        purse.left = left
        if purse.mine == 0:
            purse.closed_until = self._clock() + 1 / self._per_second

    def _allowance(self, purse: _Purse) -> Allowance:
        left = min(self._most, purse.mine + purse.left)
        return Allowance(self._most, left, math.ceil((self._most - left) / self._per_second))


@dataclass(slots=True)
class _Failures:
    count: float = 0.0
    at: float = 0.0


class FailureLimit:
    """Counts tokens that do not exist, by the address that sent them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._seen: OrderedDict[str, _Failures] = OrderedDict()

    def count(self, address: str) -> None:
        """Raises 429 when there were too many of late."""
        with self._lock:
            now = self._clock()
            failures = _kept(self._seen, address, _Failures)
            failures.count = max(0.0, failures.count - (now - failures.at) / SECONDS_PER_FAILURE)
            failures.at = now
            if failures.count + 1 <= FAILURES_AT_ONCE:
                failures.count += 1
                return
        _log.warning("too many tokens that do not exist from %s", address)
        wait = str(math.ceil(SECONDS_PER_FAILURE))
        raise Problem(429, "rate_limited", "too many tokens that do not exist", headers={"Retry-After": wait})


def _kept(table: OrderedDict[str, V], key: str, make: Callable[[], V]) -> V:
    """The entry of a key, made when missing; what was not used for long makes room."""
    entry = table.setdefault(key, make())
    table.move_to_end(key)
    if len(table) > _MOST_KEPT:
        table.popitem(last=False)
    return entry
