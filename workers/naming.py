"""Names for the world outside: the same each time a thing is told, so that who hears it twice knows."""

from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6f1c8f0e-5f0b-5d0e-9a5e-1b7f6a5d0c11")
"""Of the ids of facts: for ever, or consumers would take old facts for new ones."""


def fact_id(stream_id: str, version: int) -> str:
    """The id of one fact: `ce_id` in Kafka, `webhook-id` at a receiver."""
    return str(uuid5(NAMESPACE, f"{stream_id}:{version}"))


def result_id(organization_id: str, message_id: str) -> str:
    """The id of the answer to one command."""
    return str(uuid5(NAMESPACE, f"result:{organization_id}:{message_id}"))
