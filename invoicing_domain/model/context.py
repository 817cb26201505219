"""Context: who wants something, when, for whom and why. It stands in the envelope of every fact."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ActorKind = Literal["user", "token", "worker", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    kind: ActorKind
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Time and identity come in with the command: nothing below reads a clock.

    `at` is UTC; `today` is the date in the organization's own calendar at that instant; `command_id` is unique per
    attempt; `correlation_id` groups what one request caused; `causation_id` names the fact or message that led here.
    """

    at: datetime
    today: date
    organization_id: str
    actor: Actor
    command_id: str
    correlation_id: str
    causation_id: str | None = None
    reason: str | None = None
    source: str = "api"
