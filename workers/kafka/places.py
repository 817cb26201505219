"""What a follower has taken: from the store up to a position, and from each partition of the topic up to one.

A partition's row says more than it seems: its facts came in order, so every fact of the store that belongs into it, up
to that position, was taken. So the store can supply what the topic owes, and no fact comes from both.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain.recording.envelope import StoredFact
from workers.following.feed import STORE, Overtaken, move
from workers.kafka.cluster import Topic, partition_of

_ROWS: Final = "SELECT origin, position, next_offset FROM work.follower WHERE name = %s"
_ORIGIN: Final = re.compile(r"(?P<topic>.+)/(?P<partition>\d+) of (?P<partitions>\d+)")


def origin_of(topic: Topic, partition: int) -> str:
    return f"{topic.name}/{partition} of {topic.partitions}"


class Places:
    """The rows of one follower, as they were when last read."""

    def __init__(self, session: Connection[Any], name: str) -> None:
        self._session = session
        self._name = name
        self.read()

    def read(self) -> None:
        rows = self._session.cursor(row_factory=tuple_row).execute(_ROWS, (self._name,), prepare=True).fetchall()
        self._offsets: dict[str, int | None] = {origin: offset for origin, _, offset in rows}
        self._positions: dict[str, int] = {origin: position for origin, position, _ in rows}
        found = {origin: _ORIGIN.fullmatch(origin) for origin in self._positions}
        self._shapes = {(one["topic"], int(one["partitions"])) for one in found.values() if one}

    def position(self, origin: str) -> int:
        return self._positions.get(origin, 0)

    def offset(self, origin: str) -> int | None:
        return self._offsets.get(origin)

    def have(self, key: bytes, position: int) -> bool:
        """Whether a fact was taken, from wherever."""
        return position <= self.position(STORE) or any(
            position <= self.position(f"{topic}/{partition_of(key, partitions)} of {partitions}")
            for topic, partitions in self._shapes
        )

    def advance(self, facts: Sequence[StoredFact]) -> Sequence[StoredFact]:
        """Move the place in the store over facts that were taken already; the rest, beginning with one that was not."""
        after = self.position(STORE)
        count = next((n for n, one in enumerate(facts) if not self.have(one.stream_id.encode(), one.position)), None)
        passed, rest = (facts, []) if count is None else (facts[:count], facts[count:])
        if passed:
            try:
                move(self._session, name=self._name, origin=STORE, after=after, to=passed[-1].position)
            except Overtaken:
                self.read()
                return []
            self._positions[STORE] = passed[-1].position
        return rest
