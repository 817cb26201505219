"""Which document goes out by mail: a function of one fact about it, and of its state at the moment of sending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.mailing import MailedKind

BY_ITSELF_WITHIN: Final = timedelta(days=10)
"""An invoice that was sent longer ago than that is no longer mailed by itself: nobody expects it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWish:
    """One document, by one mail: because it was sent (no `request`), or because somebody asked for it."""

    kind: MailedKind
    document_id: str
    request: int | None = None

    @property
    def effect_key(self) -> str:
        cause = "sent" if self.request is None else f"request:{self.request}"
        return f"mail:{self.kind}:{self.document_id}:{cause}"


def wish_of(document_id: str, fact: object, now: datetime) -> MailWish | None:
    """What a fact about a document asks for, if it asks for a mail."""
    match fact:
        case invoice.Sent(deliver="email") if now - fact.sent_at <= BY_ITSELF_WITHIN:
            return MailWish(kind="invoice", document_id=document_id)
        case invoice.EmailRequested():
            return MailWish(kind="invoice", document_id=document_id, request=fact.request)
        case credit_note.EmailRequested():
            return MailWish(kind="credit_note", document_id=document_id, request=fact.request)
        case _:
            return None


def obstacle(request: int | None, document: Invoice | CreditNote) -> str | None:
    """Why a mail does not go out after all. A sent invoice is the buyer's to have, paid or not: that is no reason."""
    if any(one.request == request for one in document.mails.sent):
        return "sent"
    if request is None and isinstance(document, Invoice) and document.cancelled is not None:
        return "cancelled"
    return None
