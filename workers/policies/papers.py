"""Which facts want a paper made of their document, before anybody asks for it."""

from datetime import datetime, timedelta
from typing import Final

from invoicing_domain.model.credit_note.events import Issued
from invoicing_domain.model.document import PaperKind
from invoicing_domain.model.invoice.events import Sent

FRESH_FOR: Final = timedelta(days=14)
"""What is older (imported, or from before there were papers) waits until somebody asks: most of it nobody will."""


def wanted(fact: object, recorded_at: datetime, now: datetime) -> PaperKind | None:
    """What to make a paper of; None for facts that want none, or do not want it any more."""
    if now - recorded_at > FRESH_FOR:
        return None
    match fact:
        case Sent():
            return "invoice"
        case Issued():
            return "credit_note"
        case _:
            return None
