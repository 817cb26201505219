"""What is agreed or remarked about an invoice after it was sent, and what paper was made of it."""

from invoicing_domain.model.context import Context
from invoicing_domain.model.dates import LONGEST_TERMS_DAYS, terms_fit
from invoicing_domain.model.invoice.commands import AddNote, AttachDocument, ExtendDueDate
from invoicing_domain.model.invoice.decide import issued_on, sent_of
from invoicing_domain.model.invoice.events import DocumentProduced, DueDateExtended, NoteAdded
from invoicing_domain.model.invoice.guards import check_due_date
from invoicing_domain.model.invoice.state import Invoice
from invoicing_domain.model.refusal import Refusal


def extend_due_date(state: Invoice | None, command: ExtendDueDate, context: Context) -> tuple[DueDateExtended, ...]:
    """Another day to pay by, from today on; the day that it is already is silent."""
    invoice = sent_of(state)
    if not command.reason.strip():
        raise Refusal("reason_missing", "another due date states why (reason)")
    issued = issued_on(invoice)
    previous = invoice.due_date or issued
    if command.due_date == previous:
        return ()
    check_due_date(command.due_date, issued)
    if not terms_fit((command.due_date - issued).days):
        raise Refusal(
            "due_date_too_late",
            f"the due date {command.due_date} is more than {LONGEST_TERMS_DAYS} days after {issued}",
            due_date=command.due_date.isoformat(),
        )
    return (DueDateExtended(due_date=command.due_date, previous=previous, date=context.today, reason=command.reason),)


def add_note(state: Invoice | None, command: AddNote, context: Context) -> tuple[NoteAdded, ...]:
    sent_of(state)
    if not command.text.strip():
        raise Refusal("note_empty", "a note says something")
    return (NoteAdded(text=command.text, date=context.today),)


def attach_document(state: Invoice | None, command: AttachDocument) -> tuple[DocumentProduced, ...]:
    """There is one paper of an invoice: another one is silent, whoever made it."""
    return () if sent_of(state).document else (DocumentProduced(document=command.document),)
