"""The letter that tells a company that one of its webhook endpoints is sent nothing any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from invoicing_domain.letters.writing import MailContent, compose
from invoicing_domain.model.letter_template.events import LetterTemplate
from invoicing_domain.model.party import Language
from invoicing_domain.model.webhook_endpoint.events import DisableReason
from invoicing_domain.wording import moment, one_line

_HOUSE: Final = "Izvor"
"""Who writes: the house itself, to its own people; so the words are the house's too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDisabledMail:
    """`position`: where the fact stands by which it was disabled; what follows was not sent."""

    language: Language
    company: str
    time_zone: str
    reference: int
    url: str
    reason: DisableReason
    answer: str
    disabled_at: datetime
    position: int
    failing_since: datetime | None = None
    description: str = ""
    api: str = ""
    """Where the API is found, when that was said."""


def render_endpoint_disabled(data: EndpointDisabledMail) -> MailContent:
    language, zone = data.language, ZoneInfo(data.time_zone)
    facts: dict[str, object] = {
        "language": language,
        "seller": _HOUSE,
        "company": one_line(data.company),
        "reference": str(data.reference),
        "url": data.url,
        "description": one_line(data.description),
        "reason": data.reason,
        "answer": one_line(data.answer.removeprefix("answered ")),
        "disabled_at": moment(data.disabled_at, zone, language),
        "since": moment(data.failing_since, zone, language) if data.failing_since else None,
        "test": f"POST {data.api}/api/v1/webhook-endpoints/{data.reference}/test",
        "enable": f"POST {data.api}/api/v1/webhook-endpoints/{data.reference}/enable",
        "events": f"GET {data.api}/api/v1/events?after={data.position}",
    }
    return compose("endpoint_disabled", language, facts, LetterTemplate())
