"""What was read of a topic: committed when it is done, and read again later when it has to wait."""

import logging
import random
import time
from collections.abc import Sequence
from typing import Any, Final

from kafka import TopicPartition
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    KafkaTimeoutError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 60.0

_COMMIT_MS: Final = 10_000
_COMMITTED_LATER: Final = (
    CommitFailedError,
    RebalanceInProgressError,
    IllegalGenerationError,
    UnknownMemberIdError,
    KafkaTimeoutError,
)
"""Not fatal: committed with a later batch, or delivered again and answered with what is known."""

_log = logging.getLogger(__name__)


class Reading:
    """What was read: commits what is done, and lets a partition wait without leaving the group."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._due: dict[TopicPartition, float] = {}
        self._failures: dict[TopicPartition, int] = {}

    def resume_those_due(self) -> None:
        now = time.monotonic()
        for partition in [one for one, due in self._due.items() if due <= now]:
            del self._due[partition]
            if partition in self._consumer.assignment():
                self._consumer.resume(partition)

    def settle(self, partition: TopicPartition, records: Sequence[Any], done: int, *, stopped: bool) -> None:
        if done:
            self._failures.pop(partition, None)
            self._commit(partition, records[done - 1].offset + 1)
        if done < len(records) and not stopped and partition in self._consumer.assignment():
            self._wait(partition, records[done].offset)

    def _wait(self, partition: TopicPartition, offset: int) -> None:
        self._failures[partition] = failures = self._failures.get(partition, 0) + 1
        self._consumer.pause(partition)
        self._consumer.seek(partition, offset)
        longest = min(FIRST_PAUSE_SECONDS * (1 << min(failures, 20)), LONGEST_PAUSE_SECONDS)
        self._due[partition] = time.monotonic() + random.uniform(0, longest)  # noqa: S311 - jitter, not a secret

    def _commit(self, partition: TopicPartition, offset: int) -> None:
        try:
            self._consumer.commit({partition: OffsetAndMetadata(offset, "", -1)}, timeout_ms=_COMMIT_MS)
        except _COMMITTED_LATER as later:
            _log.info("%s %d is not committed: %s", partition, offset, later)
