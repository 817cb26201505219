"""A document by mail: who asked for it, what went out, what was refused. The same for invoices and credit notes.

The facts of each kind of document derive from those here, so that each has a name of its own on the wire.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from invoicing_domain.model.document import PaperKind
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.mail_address import wire_form
from invoicing_domain.model.personal import ERASED
from invoicing_domain.model.refusal import Refusal

MailedKind = PaperKind

Letter = Literal["document", "reminder"]
"""What a mail about a document was: the document itself, or a reminder of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRequested:
    """Somebody wants the document mailed (again); without `to`, to the address that the customer has by then."""

    request: int
    customer_id: str
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emailed:
    """A mail server took the document for delivery. Without `request` it went out because it was issued."""

    to: str
    message_id: str
    sent_at: datetime
    customer_id: str
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailFailed:
    """The document did not go out and will not by itself; `reason` has the mail server's code, if it said one."""

    reason: str
    failed_at: datetime
    customer_id: str
    to: str = ""
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced:
    """A mail about the document came back: some server on the way could not deliver it, and will not try again.

    `status` is that of RFC 3463 (5.1.1: no such mailbox); `diagnostic` has the server's words without addresses.
    """

    message_id: str
    letter: Letter
    status: str
    diagnostic: str
    bounced_at: datetime

    @property
    def reason(self) -> str:
        """Most servers name the status in their words."""
        return self.diagnostic if self.status in self.diagnostic else f"{self.status} {self.diagnostic}".strip()


EmailFact = EmailRequested | Emailed | EmailFailed | EmailBounced


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmail:
    kind: MailedKind
    document_id: StreamId
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEmail:
    kind: MailedKind
    document_id: StreamId
    to: str
    message_id: str
    sent_at: datetime
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEmailFailure:
    kind: MailedKind
    document_id: StreamId
    reason: str
    to: str = ""
    request: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBounce:
    kind: MailedKind
    document_id: StreamId
    message_id: str
    recipients: frozenset[str]
    """Whom the notice names, in small letters."""
    status: str
    diagnostic: str
    is_awaited: bool = False
    """That the mail went out may be recorded yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """What became of a document by mail."""

    requests: int = 0
    open: tuple[EmailRequested, ...] = ()
    """Asked for, and neither sent nor given up."""
    sent: tuple[Emailed, ...] = ()
    failed: tuple[EmailFailed, ...] = ()
    bounced: tuple[EmailBounced, ...] = ()
    """Also of reminders."""

    def bounce(self, message_id: str) -> EmailBounced | None:
        return next((one for one in self.bounced if one.message_id == message_id), None)

    def request(self, number: int | None) -> EmailRequested | None:
        return next((one for one in self.open if one.request == number), None)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The facts of one kind of document."""

    requested: type[EmailRequested]
    sent: type[Emailed]
    failed: type[EmailFailed]
    bounced: type[EmailBounced]


def told(mails: Mails, fact: EmailFact) -> Mails:
    """The mails of a document after one more fact."""
    if isinstance(fact, EmailRequested):
        return replace(mails, requests=fact.request, open=(*mails.open, fact))
    if isinstance(fact, EmailBounced):
        return replace(mails, bounced=(*mails.bounced, fact))
    left = tuple(one for one in mails.open if one.request != fact.request)
    if isinstance(fact, Emailed):
        return replace(mails, open=left, sent=(*mails.sent, fact))
    return replace(mails, open=left, failed=(*mails.failed, fact))


def request(
    mails: Mails, facts: MailFacts, command: RequestEmail, *, customer_id: str, known_address: str | None
) -> tuple[EmailFact, ...]:
    """Once at a time for each address."""
    if not (command.to or known_address):
        raise Refusal("customer_without_email", "the customer has no e-mail address: say where to (to)")
    if any(one.to == command.to for one in mails.open):
        raise Refusal("email_already_requested", "this mail was asked for already and has not gone out yet")
    return (facts.requested(request=mails.requests + 1, customer_id=customer_id, to=command.to),)


def record(mails: Mails, facts: MailFacts, command: RecordEmail, customer_id: str) -> tuple[EmailFact, ...]:
    """A mail that went out is a fact whatever the state; the same mail twice is silent."""
    if any(one.message_id == command.message_id for one in mails.sent):
        return ()
    return (
        facts.sent(
            to=command.to,
            message_id=command.message_id,
            sent_at=command.sent_at,
            customer_id=customer_id,
            request=command.request,
        ),
    )


def record_failure(
    facts: MailFacts, command: RecordEmailFailure, customer_id: str, failed_at: datetime
) -> tuple[EmailFact, ...]:
    return (
        facts.failed(
            to=command.to, reason=command.reason, failed_at=failed_at, customer_id=customer_id, request=command.request
        ),
    )


def record_bounce(
    mails: Mails, facts: MailFacts, command: RecordBounce, *, reminders: Mapping[str, str], at: datetime
) -> tuple[EmailFact, ...]:
    """Once for each mail, however often its notice arrives; `reminders`: whom they went to, by their Message-ID."""
    if mails.bounce(command.message_id) is not None:
        return ()
    documents = {one.message_id: one.to for one in mails.sent}
    to = documents.get(command.message_id) or reminders.get(command.message_id)
    if to is None and command.is_awaited:
        raise Refusal("mail_not_sent", "this mail is not recorded as sent yet: bring the notice again later")
    if to is None:
        raise Refusal("mail_unknown", "no mail of this name went out")
    if to == ERASED:
        # The server's words are about somebody of whom nothing more is to be kept, and nobody can check them.
        raise Refusal("customer_erased", "whom this mail went to was erased: the notice cannot be checked any more")
    if wire_form(to) not in command.recipients:
        raise Refusal("bounce_of_another", "the notice does not name the address that this mail went to")
    return (
        facts.bounced(
            message_id=command.message_id,
            letter="document" if command.message_id in documents else "reminder",
            status=command.status,
            diagnostic=command.diagnostic,
            bounced_at=at,
        ),
    )
