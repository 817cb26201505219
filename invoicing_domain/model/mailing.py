"""A document by mail: who asked for it, what went out, what was refused. The same for invoices and credit notes.

The facts of each kind of document derive from those here, so that each has a name of its own on the wire.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from invoicing_domain.model.document import PaperKind
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.refusal import Refusal

MailedKind = PaperKind


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


EmailFact = EmailRequested | Emailed | EmailFailed


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
class Mails:
    """What became of a document by mail."""

    requests: int = 0
    open: tuple[EmailRequested, ...] = ()
    """Asked for, and neither sent nor given up."""
    sent: tuple[Emailed, ...] = ()
    failed: tuple[EmailFailed, ...] = ()

    def request(self, number: int | None) -> EmailRequested | None:
        return next((one for one in self.open if one.request == number), None)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The facts of one kind of document."""

    requested: type[EmailRequested]
    sent: type[Emailed]
    failed: type[EmailFailed]


def told(mails: Mails, fact: EmailFact) -> Mails:
    """The mails of a document after one more fact."""
    if isinstance(fact, EmailRequested):
        return replace(mails, requests=fact.request, open=(*mails.open, fact))
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
