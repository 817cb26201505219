"""Handlers of documents by mail, the same for invoices and credit notes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from invoicing_domain.categories import CREDIT_NOTE, CUSTOMER, INVOICE
from invoicing_domain.model import mailing
from invoicing_domain.model.context import Context
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.credit_note.state import CreditNote
from invoicing_domain.model.customer.state import address_of
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.invoice.decide import sent_of
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.mailing import MailedKind, MailFacts, Mails
from invoicing_domain.model.party import Buyer
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Category
from invoicing_domain.work import Work


@dataclass(frozen=True, slots=True)
class Mailed:
    """A document, as far as mailing it goes."""

    mails: Mails
    buyer: Buyer
    reminders: Mapping[str, str] = field(default_factory=dict)
    """Whom they went to, by their Message-ID."""


def of_invoice(state: Invoice | None) -> Mailed:
    found = sent_of(state)
    return Mailed(found.mails, found.header.customer, {one.message_id: one.to for one in found.reminders})


def of_credit_note(state: CreditNote | None) -> Mailed:
    if state is None:
        raise Refusal("not_found", "there is no such credit note")
    return Mailed(state.mails, state.issued.customer)


CATEGORIES: Final[Mapping[MailedKind, Category[Any]]] = {"invoice": INVOICE, "credit_note": CREDIT_NOTE}

_MAILED: Final[Mapping[MailedKind, Callable[[Any], Mailed]]] = {"invoice": of_invoice, "credit_note": of_credit_note}
_FACTS: Final[Mapping[MailedKind, MailFacts]] = {
    "invoice": MailFacts(invoice.EmailRequested, invoice.Emailed, invoice.EmailFailed, invoice.EmailBounced),
    "credit_note": MailFacts(
        credit_note.EmailRequested, credit_note.Emailed, credit_note.EmailFailed, credit_note.EmailBounced
    ),
}


def request_email(command: mailing.RequestEmail, _: Context, work: Work) -> None:
    found = _load(command.kind, command.document_id, work)
    buyer_id = found.buyer.customer_id
    facts = mailing.request(
        found.mails,
        _FACTS[command.kind],
        command,
        customer_id=buyer_id,
        known_address=address_of(found.buyer, work.load(CUSTOMER, buyer_id) if buyer_id else None),
    )
    work.record(CATEGORIES[command.kind], command.document_id, facts)


def record_email(command: mailing.RecordEmail, _: Context, work: Work) -> None:
    found = _load(command.kind, command.document_id, work)
    facts = mailing.record(found.mails, _FACTS[command.kind], command, found.buyer.customer_id)
    work.record(CATEGORIES[command.kind], command.document_id, facts)


def record_email_failure(command: mailing.RecordEmailFailure, context: Context, work: Work) -> None:
    found = _load(command.kind, command.document_id, work)
    facts = mailing.record_failure(_FACTS[command.kind], command, found.buyer.customer_id, context.at)
    work.record(CATEGORIES[command.kind], command.document_id, facts)


def record_bounce(command: mailing.RecordBounce, context: Context, work: Work) -> None:
    found = _load(command.kind, command.document_id, work)
    facts = mailing.record_bounce(found.mails, _FACTS[command.kind], command, reminders=found.reminders, at=context.at)
    work.record(CATEGORIES[command.kind], command.document_id, facts)


def _load(kind: MailedKind, document_id: StreamId, work: Work) -> Mailed:
    return _MAILED[kind](work.load(CATEGORIES[kind], document_id))
